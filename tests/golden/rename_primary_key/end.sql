ALTER TABLE customers RENAME COLUMN no TO customer_id;
