ALTER TABLE currencies RENAME COLUMN code TO iso_code;
