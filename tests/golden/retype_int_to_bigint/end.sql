ALTER TABLE counters ALTER COLUMN hits TYPE bigint, ALTER COLUMN misses TYPE bigint;
