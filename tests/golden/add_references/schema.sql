CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, country char(2));

CREATE TABLE plans (id integer PRIMARY KEY, name text);
