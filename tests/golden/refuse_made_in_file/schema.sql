CREATE TABLE users (id integer PRIMARY KEY, full_name text, level integer, born date);
CREATE TABLE cards (user_id integer PRIMARY KEY REFERENCES users);
