ALTER TABLE users RENAME full_name TO display_name;
ALTER TABLE users ADD COLUMN locale text;
UPDATE users SET locale = 'en', email = coalesce(email, '');
ALTER TABLE users ALTER locale SET NOT NULL, ALTER email SET NOT NULL;
CREATE OR REPLACE VIEW names AS SELECT users.display_name AS full_name FROM users;
