ALTER TABLE users RENAME COLUMN locale TO language;
ALTER TABLE users DISABLE TRIGGER users_stamp;
ALTER TABLE users ADD COLUMN first_name text, ADD COLUMN last_name text;
UPDATE users SET first_name = split_part(full_name, ' ', 1), last_name = coalesce(nullif(split_part(full_name, ' ', 2), ''), '-');
ALTER TABLE users ENABLE TRIGGER users_stamp;
ALTER TABLE users DROP COLUMN full_name;
ALTER TABLE users ALTER COLUMN first_name SET NOT NULL, ALTER COLUMN last_name SET NOT NULL, ADD CHECK (first_name <> 'nobody');
CREATE INDEX ON users (lower(last_name), language);
