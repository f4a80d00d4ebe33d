ALTER TABLE addresses ADD COLUMN line text;
UPDATE addresses SET line = street || ' ' || house;
ALTER TABLE addresses DROP COLUMN street, DROP COLUMN house, ADD CONSTRAINT addresses_line UNIQUE (line, city);
