CREATE TABLE users (id bigint PRIMARY KEY, bio text NOT NULL);
CREATE TABLE profiles (user_id bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE, picture text);
