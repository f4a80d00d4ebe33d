CREATE TABLE tickets (
  id bigint PRIMARY KEY,
  closed_on date,
  owner text
);
CREATE INDEX tickets_open_idx ON tickets (owner) WHERE closed_on IS NULL;
CREATE INDEX tickets_closed_idx ON tickets (closed_on DESC) WHERE closed_on IS NOT NULL;
CREATE UNIQUE INDEX tickets_one_open_idx ON tickets (owner) WHERE closed_on IS NULL AND owner <> 'closed_on';
