DROP VIEW heavy_codes, heavy, seen_days;
ALTER TABLE parcels ALTER COLUMN code TYPE varchar(40), ALTER COLUMN label TYPE text, ALTER COLUMN note TYPE varchar,
  ALTER COLUMN weight TYPE numeric(12,2), ALTER COLUMN seen TYPE timestamp(6);
CREATE VIEW heavy WITH (security_barrier = true) AS SELECT id, code, weight FROM parcels WHERE weight > 5 AND code LIKE 'c%';
COMMENT ON VIEW heavy IS 'more than five';
CREATE VIEW heavy_codes AS SELECT upper(code) AS code FROM heavy;
CREATE VIEW seen_days AS SELECT id, seen::date AS day FROM parcels;
GRANT SELECT ON heavy TO PUBLIC;
