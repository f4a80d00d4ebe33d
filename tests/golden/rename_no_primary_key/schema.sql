CREATE TABLE log (at timestamptz, msg text);
CREATE INDEX log_at_idx ON log (at);
ALTER TABLE log REPLICA IDENTITY FULL;
