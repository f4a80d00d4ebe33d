-- One file renames tables and widens their keys.
CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL, bio text);
CREATE TABLE user_cards (id serial PRIMARY KEY, user_id integer NOT NULL UNIQUE REFERENCES users ON DELETE CASCADE, printed boolean);
CREATE TABLE orders (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id integer REFERENCES users);
CREATE INDEX orders_user_id_idx ON orders (user_id);
-- Steps aside for the swap, from behind the view that has the old name meanwhile.
CREATE VIEW buyers AS SELECT user_id, count(*) AS orders FROM orders GROUP BY user_id;
