CREATE TABLE readings (id bigint PRIMARY KEY, raw text);
CREATE INDEX readings_raw_idx ON readings (raw);
