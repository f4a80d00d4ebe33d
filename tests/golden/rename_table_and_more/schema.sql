CREATE TABLE users (id bigint PRIMARY KEY, full_name text NOT NULL DEFAULT 'nobody', locale text, code integer);
CREATE INDEX users_name ON users (full_name);
CREATE VIEW names AS SELECT users.id, users.full_name FROM users WHERE users.full_name <> '';
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));
