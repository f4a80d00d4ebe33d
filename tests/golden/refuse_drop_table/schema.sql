CREATE TABLE users (id bigint PRIMARY KEY, name text);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users);
CREATE VIEW user_names AS SELECT name FROM users;
CREATE TABLE readings (id bigint, taken date NOT NULL) PARTITION BY RANGE (taken);
CREATE TABLE readings_old PARTITION OF readings FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
CREATE TABLE animals (id bigint);
CREATE TABLE cats () INHERITS (animals);
CREATE TABLE gone (id bigint PRIMARY KEY, x text);
