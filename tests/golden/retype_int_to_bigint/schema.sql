CREATE TABLE counters (
  id bigint PRIMARY KEY,
  hits integer NOT NULL DEFAULT 7 CHECK (hits >= 0),
  misses integer
);
CREATE INDEX counters_hits_idx ON counters (hits DESC, id) WHERE hits > 10;
COMMENT ON COLUMN counters.hits IS 'how often';
COMMENT ON CONSTRAINT counters_hits_check ON counters IS 'never below zero';
