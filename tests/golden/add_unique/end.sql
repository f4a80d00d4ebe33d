ALTER TABLE users ADD COLUMN handle text;
UPDATE users SET handle = 'u' || id::text;
ALTER TABLE users ADD UNIQUE (handle);
