ALTER TABLE prices ADD COLUMN currency text;
UPDATE prices SET currency = 'EUR';
ALTER TABLE prices ALTER COLUMN currency SET DEFAULT 'EUR';
ALTER TABLE prices ALTER COLUMN currency SET NOT NULL;
