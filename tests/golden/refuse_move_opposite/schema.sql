CREATE TABLE users (id integer PRIMARY KEY, bio text);
CREATE TABLE profiles (user_id integer UNIQUE, title text);
