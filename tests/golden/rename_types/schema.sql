CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN percent AS numeric(5,2);
CREATE TABLE samples (
  id bigint PRIMARY KEY,
  a json, b point, c numeric, d interval, e mood, f integer[], g float8, h percent, i bytea, j tstzrange
);
