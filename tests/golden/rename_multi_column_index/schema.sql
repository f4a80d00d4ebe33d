CREATE TABLE events (
  id bigint PRIMARY KEY,
  kind text NOT NULL,
  happened timestamptz,
  source text
);
CREATE INDEX events_kind_happened_idx ON events
  (kind text_pattern_ops, happened DESC NULLS LAST, source COLLATE "C" NULLS FIRST) WITH (fillfactor = 70);
CREATE INDEX events_happened_brin ON events USING brin (happened) WITH (pages_per_range = 32);
CREATE INDEX events_source_hash ON events USING hash (source);
ALTER TABLE events CLUSTER ON events_kind_happened_idx;
