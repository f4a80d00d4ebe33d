CREATE TABLE users (id bigint PRIMARY KEY, full_name text NOT NULL DEFAULT 'nobody' UNIQUE, email text, country text);
CREATE VIEW names AS SELECT users.full_name FROM users;
