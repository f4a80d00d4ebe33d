-- Both tables of the move bear another name at the end.
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, bio text NOT NULL);
CREATE TABLE user_cards (id bigint PRIMARY KEY, user_id bigint NOT NULL UNIQUE REFERENCES users ON DELETE CASCADE, printed boolean);
