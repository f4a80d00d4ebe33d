ALTER TABLE orders ALTER COLUMN state TYPE order_state USING nullif(state, '')::order_state, ALTER COLUMN code TYPE text,
  ALTER COLUMN "Customer ""id""" TYPE bigint;
ALTER TABLE customers ALTER COLUMN number TYPE bigint;
ALTER TABLE lines ALTER COLUMN place TYPE bigint, ALTER COLUMN amount TYPE numeric(12,2), ALTER COLUMN amount DROP NOT NULL;
CREATE INDEX ON orders (state, placed DESC) WHERE code <> '-';
ALTER TABLE orders ALTER COLUMN code SET NOT NULL, ADD UNIQUE (code);
ALTER TABLE orders ADD FOREIGN KEY ("Customer ""id""") REFERENCES customers (number) ON DELETE CASCADE;
ALTER TABLE lines ADD PRIMARY KEY (order_id, place);
CREATE UNIQUE INDEX "Lines; by amount" ON lines ((amount + place), place) INCLUDE (amount);
