ALTER TABLE orders RENAME COLUMN no TO order_number;
ALTER TABLE orders RENAME COLUMN line TO position;
