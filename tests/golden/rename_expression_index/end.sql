ALTER TABLE people RENAME COLUMN name TO called;
ALTER TABLE people RENAME COLUMN details TO attributes;
