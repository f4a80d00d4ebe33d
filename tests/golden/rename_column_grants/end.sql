ALTER TABLE staff RENAME COLUMN name TO full_name;
