CREATE INDEX ON hits (path, day);
ALTER TABLE hits ADD UNIQUE (id, day);
