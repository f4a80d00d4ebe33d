CREATE TYPE order_state AS ENUM ('new', 'lost', 'done');
CREATE TYPE order_state_2 AS ENUM ('new', 'done');
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  state order_state NOT NULL DEFAULT 'new'
);
CREATE INDEX orders_state_idx ON orders (state);
