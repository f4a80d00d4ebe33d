CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s fine');
CREATE SCHEMA app;
CREATE TYPE app."State" AS ENUM ('new');
CREATE TABLE people (id bigint PRIMARY KEY, mood mood NOT NULL DEFAULT 'ok');
CREATE TABLE app.orders (id bigint PRIMARY KEY, state app."State");
CREATE VIEW moods AS SELECT mood, count(*) AS people FROM people GROUP BY mood;
