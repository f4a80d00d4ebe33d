CREATE TABLE metrics (
  id bigint NOT NULL,
  at date NOT NULL,
  value numeric NOT NULL,
  label text DEFAULT 'none',
  PRIMARY KEY (id, at),
  CONSTRAINT metrics_value_check CHECK (value >= 0)
) PARTITION BY RANGE (at);
CREATE TABLE metrics_2023 PARTITION OF metrics FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE metrics_2024 PARTITION OF metrics FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
  PARTITION BY HASH (id);
CREATE TABLE metrics_2024_0 PARTITION OF metrics_2024 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE metrics_2024_1 PARTITION OF metrics_2024 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE metrics_rest PARTITION OF metrics DEFAULT;
CREATE INDEX metrics_value_idx ON metrics (value, at);
CREATE INDEX metrics_label_idx ON metrics (lower(label)) WHERE value > 10;
ALTER INDEX metrics_label_idx ALTER COLUMN 1 SET STATISTICS 60;
ALTER INDEX metrics_2023_lower_idx ALTER COLUMN 1 SET STATISTICS 50;
ALTER INDEX metrics_2024_1_lower_idx ALTER COLUMN 1 SET STATISTICS -1;
COMMENT ON INDEX metrics_2023_lower_idx IS 'of a year that is over';
