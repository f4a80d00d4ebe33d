CREATE TABLE scores (id integer PRIMARY KEY);
CREATE TABLE users (
  id bigint PRIMARY KEY,
  locale varchar(5),
  score integer NOT NULL,
  bonus integer NOT NULL
);
