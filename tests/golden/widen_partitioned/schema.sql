CREATE TABLE shops (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
-- A partitioned table that references a key, and has one of its own over two columns.
CREATE TABLE visits (
  id integer NOT NULL,
  day date NOT NULL,
  shop_id integer REFERENCES shops ON DELETE CASCADE,
  PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
CREATE TABLE visits_2023 PARTITION OF visits FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE visits_2024 PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY RANGE (day);
CREATE TABLE visits_2024_a PARTITION OF visits_2024 FOR VALUES FROM ('2024-01-01') TO ('2024-07-01');
CREATE TABLE visits_2024_b PARTITION OF visits_2024 FOR VALUES FROM ('2024-07-01') TO ('2025-01-01');
CREATE INDEX ON visits (shop_id);
