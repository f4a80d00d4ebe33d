CREATE TABLE users (id bigint PRIMARY KEY, name text, code varchar(10));
CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TABLE b (id bigint PRIMARY KEY);
CREATE VIEW totals AS SELECT count(*) FROM orders;
