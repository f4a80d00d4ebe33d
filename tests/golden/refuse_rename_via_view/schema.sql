CREATE TABLE users (id bigint PRIMARY KEY, a text, b text, c text);
CREATE INDEX users_c ON users (c);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
CREATE TABLE parts (id bigint, day date) PARTITION BY RANGE (day);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (MINVALUE) TO (MAXVALUE);
CREATE TABLE old (id bigint PRIMARY KEY, x text);
CREATE DOMAIN mood AS text DEFAULT 'fine';
CREATE TABLE people (id bigint PRIMARY KEY, mood mood);
