CREATE TABLE teams (code text PRIMARY KEY);
CREATE TABLE t (
  id bigint PRIMARY KEY,
  team text REFERENCES teams,
  doc jsonb,
  n integer,
  m integer
);
CREATE INDEX t_doc_idx ON t (doc);
