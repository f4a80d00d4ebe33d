ALTER TABLE products RENAME COLUMN sku TO stock_number;
ALTER TABLE products RENAME COLUMN ean TO barcode;
ALTER TABLE products RENAME COLUMN place TO slot;
