CREATE TABLE users (id bigint PRIMARY KEY, full_name text NOT NULL, email text, country char(2));
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL);
CREATE VIEW user_names AS SELECT id, full_name FROM users;
CREATE MATERIALIZED VIEW user_countries AS SELECT country, count(*) FROM users GROUP BY country;
CREATE SCHEMA app;
CREATE TABLE app.visits (id bigint PRIMARY KEY);
