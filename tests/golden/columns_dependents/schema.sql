-- Partitions, a primary key over the partition key, indexes, checks, statistics, a policy, a view and
-- a trigger stand around the columns that change.
CREATE TABLE readings (
  id bigint NOT NULL,
  at date NOT NULL,
  value integer CONSTRAINT readings_small CHECK (value < 100000),
  unit text DEFAULT 'C',
  source text NOT NULL,
  note text,
  legacy integer NOT NULL,
  PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE readings_2023 PARTITION OF readings FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE readings_2024 PARTITION OF readings FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX readings_value_idx ON readings (value) WHERE value IS NOT NULL;
CREATE INDEX readings_source_idx ON readings (source, at);
CREATE INDEX readings_legacy_idx ON readings_2023 (legacy);
CREATE STATISTICS readings_stats ON value, unit FROM readings_2024;
CREATE VIEW known AS SELECT id, at, value, source FROM readings WHERE value IS NOT NULL;
ALTER TABLE readings ENABLE ROW LEVEL SECURITY;
CREATE POLICY sane ON readings USING (value IS NULL OR value > -274);
CREATE FUNCTION trim_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.note := trim(NEW.note);
  RETURN NEW;
END $$;
CREATE TRIGGER trimmed BEFORE INSERT OR UPDATE OF note ON readings FOR EACH ROW EXECUTE FUNCTION trim_note();
