CREATE TABLE readings (
  id bigint NOT NULL,
  kind int NOT NULL,
  value int DEFAULT 1,
  PRIMARY KEY (id, kind)
) PARTITION BY LIST (kind);
CREATE TABLE readings_1 PARTITION OF readings FOR VALUES IN (1);
CREATE TABLE readings_2 PARTITION OF readings FOR VALUES IN (2);
CREATE TABLE readings_3 PARTITION OF readings FOR VALUES IN (3);
-- What a partition's column has of its own.
ALTER TABLE readings_1 ALTER COLUMN value SET NOT NULL, ALTER COLUMN value SET DEFAULT 5;
ALTER TABLE readings_2 ALTER COLUMN value DROP DEFAULT, ALTER COLUMN value SET STATISTICS 500;
COMMENT ON COLUMN readings_2.value IS 'in litres';
GRANT SELECT (value), UPDATE (value) ON readings_2 TO PUBLIC;
ALTER TABLE readings_2 ALTER COLUMN value SET (n_distinct = 10);
