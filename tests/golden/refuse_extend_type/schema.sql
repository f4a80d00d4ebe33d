CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN age AS integer;
CREATE TABLE people (id bigint PRIMARY KEY, mood mood);
