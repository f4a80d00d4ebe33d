CREATE TABLE users (id bigint PRIMARY KEY, code text UNIQUE, name text);
CREATE TABLE orders (id bigint PRIMARY KEY, user_code text REFERENCES users (code));
CREATE TABLE days (day date, n integer NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE parents (id bigint, kind text);
CREATE TABLE children () INHERITS (parents);
