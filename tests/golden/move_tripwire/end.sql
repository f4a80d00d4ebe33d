ALTER TABLE profiles ADD COLUMN bio varchar(200) COLLATE "C";
UPDATE profiles SET bio = users.bio FROM users WHERE user_id = users.id;
ALTER TABLE users DROP COLUMN bio;
COMMENT ON COLUMN profiles.bio IS 'in their own words';
