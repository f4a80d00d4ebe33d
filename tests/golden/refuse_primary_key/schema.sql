CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE notes (id bigint NOT NULL, place point NOT NULL);
CREATE TABLE tags (id bigint, word text NOT NULL);
CREATE TABLE readings (id bigint, taken date NOT NULL) PARTITION BY RANGE (taken);
