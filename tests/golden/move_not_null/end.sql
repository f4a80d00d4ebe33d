ALTER TABLE profiles ADD COLUMN bio text;
UPDATE profiles SET bio = users.bio FROM users WHERE user_id = users.id;
ALTER TABLE profiles ALTER COLUMN bio SET NOT NULL;
ALTER TABLE users DROP COLUMN bio;
