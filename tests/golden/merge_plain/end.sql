ALTER TABLE users ADD COLUMN full_name text;
UPDATE users SET full_name = concat_ws(' ', first_name, last_name);
ALTER TABLE users DROP COLUMN first_name, DROP COLUMN last_name;
