CREATE TYPE mood AS ENUM ('sad');
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE INDEX users_name_idx ON users (name);
CREATE TABLE gone (id bigint PRIMARY KEY);
