CREATE TABLE jobs (
  id bigint PRIMARY KEY,
  state varchar(12) NOT NULL DEFAULT 'waiting',
  tries integer DEFAULT (1 + 1),
  due timestamptz DEFAULT now()
);
