CREATE TABLE users (id bigint PRIMARY KEY, code text, name text UNIQUE);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, user_name text, note text);
CREATE VIEW people AS SELECT * FROM users;
CREATE TABLE days (day date, user_id bigint) PARTITION BY RANGE (day);
CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
