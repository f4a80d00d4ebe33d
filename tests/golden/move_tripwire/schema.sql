CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, bio varchar(200) COLLATE "C");
COMMENT ON COLUMN users.bio IS 'in their own words';
CREATE TABLE profiles (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL UNIQUE REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
  picture text
);
