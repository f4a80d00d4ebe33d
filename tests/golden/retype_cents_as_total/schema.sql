CREATE TABLE orders (
  id bigint PRIMARY KEY,
  total_cents integer NOT NULL DEFAULT 0,
  tip_cents integer
);
CREATE UNIQUE INDEX orders_total_cents_key ON orders (total_cents, id);
CREATE INDEX orders_tip_idx ON orders (tip_cents);
