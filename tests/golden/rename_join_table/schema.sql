-- Nothing tells the rows of members apart but what they refer to.
CREATE TABLE teams (id integer PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE members (
  team_id integer NOT NULL REFERENCES teams ON DELETE CASCADE,
  user_id integer NOT NULL REFERENCES users,
  lead boolean NOT NULL DEFAULT false,
  since date
);
