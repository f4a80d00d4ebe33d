ALTER TABLE users RENAME COLUMN email TO login;
ALTER TABLE users ADD COLUMN phone text;
UPDATE users SET phone = 'unknown', country = coalesce(country, 'XX');
ALTER TABLE users ALTER COLUMN phone SET NOT NULL, ALTER COLUMN country SET NOT NULL;
ALTER TABLE orders RENAME COLUMN total TO total_cents;
ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id), ALTER COLUMN user_id SET NOT NULL, DROP COLUMN memo;
CREATE INDEX ON orders (total_cents, user_id);
