ALTER TABLE users RENAME COLUMN full_name TO display_name;
ALTER TABLE users ADD COLUMN phone varchar(20);
SET session_replication_role = replica;
UPDATE users SET phone = 'unknown';
ALTER TABLE users ALTER COLUMN phone SET NOT NULL;
