CREATE INDEX ON hits (path, day);
CREATE UNIQUE INDEX ON hits (id, day);
