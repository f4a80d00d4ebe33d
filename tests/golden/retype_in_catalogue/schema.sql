CREATE TABLE parcels (
  id bigint PRIMARY KEY,
  code varchar(10) NOT NULL DEFAULT 'none',
  label varchar(12),
  note text,
  weight numeric(8,2),
  seen timestamp(3),
  UNIQUE (code)
);
CREATE INDEX parcels_weight_idx ON parcels (weight, seen);
