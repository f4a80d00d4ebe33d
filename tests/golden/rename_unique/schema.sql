CREATE TABLE products (
  id bigint PRIMARY KEY,
  sku text NOT NULL CONSTRAINT products_sku_key UNIQUE,
  ean text CONSTRAINT products_ean_key UNIQUE DEFERRABLE INITIALLY DEFERRED,
  shelf integer,
  place integer,
  CONSTRAINT products_shelf_place_key UNIQUE (shelf, place) WITH (fillfactor = 80)
);
CREATE UNIQUE INDEX products_lower_sku_idx ON products (lower(sku));
COMMENT ON CONSTRAINT products_sku_key ON products IS 'Printed on the box.';
