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
-- They step aside for the moment of the change.
CREATE VIEW heavy WITH (security_barrier = true) AS SELECT id, code, weight FROM parcels WHERE weight > 5 AND code LIKE 'c%';
COMMENT ON VIEW heavy IS 'more than five';
CREATE VIEW heavy_codes AS SELECT upper(code) AS code FROM heavy;
CREATE VIEW seen_days AS SELECT id, seen::date AS day FROM parcels;
GRANT SELECT ON heavy TO PUBLIC;
