CREATE TABLE addresses (
  id bigint PRIMARY KEY,
  street text,
  house text,
  city text,
  UNIQUE (street, house)
);
CREATE INDEX addresses_city ON addresses (city) INCLUDE (street);
CREATE INDEX addresses_house ON addresses (house) WHERE house <> '';
