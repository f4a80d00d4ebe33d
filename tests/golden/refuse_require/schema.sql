CREATE TABLE users (id bigint PRIMARY KEY, name text, born date, age integer GENERATED ALWAYS AS (1) STORED);
CREATE TABLE days (day date, n integer) PARTITION BY RANGE (day);
CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
