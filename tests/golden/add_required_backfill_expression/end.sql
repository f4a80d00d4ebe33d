ALTER TABLE users ADD COLUMN domain text CHECK (domain <> ''), ADD COLUMN region text;
UPDATE users SET domain = split_part(email, '@', 2), region = coalesce(country, 'none');
ALTER TABLE users ALTER COLUMN domain SET NOT NULL;
ALTER TABLE users ALTER COLUMN region SET NOT NULL, ALTER COLUMN region SET DEFAULT 'EU';
