CREATE TABLE t (
  id bigint PRIMARY KEY,
  n integer,
  m integer
);
CREATE INDEX t_m ON t (m);
ALTER TABLE t ADD CONSTRAINT t_small CHECK (m < 9);
CREATE TABLE others (id bigint PRIMARY KEY);
CREATE TABLE gone (id bigint PRIMARY KEY);
CREATE TABLE keyless (a bigint);
CREATE TYPE mood AS ENUM ('glad');
