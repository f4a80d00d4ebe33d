CREATE TABLE people (id bigint PRIMARY KEY, nick text);
