CREATE TABLE docs (id bigint PRIMARY KEY, title text, body json, at point);
CREATE TABLE days (day date, n integer) PARTITION BY RANGE (day);
CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
