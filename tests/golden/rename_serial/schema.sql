CREATE TABLE parcels (
  id bigserial PRIMARY KEY,
  tracking serial NOT NULL,
  what text
);
