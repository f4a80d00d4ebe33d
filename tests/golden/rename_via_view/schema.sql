CREATE TABLE teams (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE users (
  id serial PRIMARY KEY,
  full_name varchar(80) NOT NULL DEFAULT 'nobody' UNIQUE CHECK (full_name <> ''),
  team integer DEFAULT 1 REFERENCES teams (id),
  length integer GENERATED ALWAYS AS (length(full_name)) STORED,
  made_at timestamptz NOT NULL DEFAULT '2024-01-01 00:00+00'
);
COMMENT ON TABLE users IS 'everybody';
COMMENT ON COLUMN users.full_name IS 'as they want it';
CREATE INDEX users_lower ON users (lower(full_name)) WHERE team > 1;
CREATE STATISTICS users_stats ON team, full_name FROM users;
CREATE TABLE orders (id bigint PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id));
CREATE VIEW names AS SELECT users.full_name, t.name FROM users JOIN teams t ON t.id = users.team;
CREATE MATERIALIZED VIEW per_team AS SELECT team, count(*) AS many FROM users GROUP BY team;
