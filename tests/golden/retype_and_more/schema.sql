CREATE TYPE order_state AS ENUM ('new', 'paid', 'sent');
CREATE TABLE customers (id bigint PRIMARY KEY, number integer NOT NULL UNIQUE);
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  state text,
  code varchar(12),
  "Customer ""id""" integer,
  placed date
);
CREATE TABLE lines (order_id bigint, place integer NOT NULL, amount integer NOT NULL);
