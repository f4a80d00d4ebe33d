ALTER TABLE users ADD COLUMN phone varchar(20);
UPDATE users SET phone = 'unknown';
ALTER TABLE users ALTER COLUMN phone SET NOT NULL;
