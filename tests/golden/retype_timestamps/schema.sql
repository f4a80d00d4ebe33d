CREATE TABLE visits (
  id bigint PRIMARY KEY,
  came timestamp NOT NULL DEFAULT now(),
  went timestamp,
  billed timestamptz,
  day timestamp
);
CREATE INDEX visits_went_idx ON visits (went);
