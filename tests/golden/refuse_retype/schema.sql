CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TABLE teams (id integer PRIMARY KEY);
CREATE TABLE t (
  id bigint PRIMARY KEY,
  a text,
  b timestamp,
  c integer DEFAULT 3 CHECK (c > 0),
  d integer NOT NULL,
  e text,
  f integer REFERENCES teams,
  g varchar(10),
  h integer,
  i integer,
  k integer GENERATED ALWAYS AS (id * 2) STORED
);
CREATE TABLE p (id bigint, day date) PARTITION BY RANGE (day);
