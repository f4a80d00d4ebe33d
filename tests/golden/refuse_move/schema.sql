CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL, bio text, email text, made integer GENERATED ALWAYS AS (1 + 2) STORED);
CREATE TABLE profiles (user_id integer UNIQUE, other text, title text UNIQUE, visits integer);
CREATE TABLE orders (id integer PRIMARY KEY, user_id integer REFERENCES users, note text, hint text, place text, remark text, extra text);
CREATE TABLE carts (id integer PRIMARY KEY, holds text);
CREATE TABLE days (day date) PARTITION BY RANGE (day);
CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
