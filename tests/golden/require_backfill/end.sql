UPDATE users SET country = 'XX' WHERE country IS NULL;
ALTER TABLE users ALTER COLUMN country SET NOT NULL;
