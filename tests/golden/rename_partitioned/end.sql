ALTER TABLE metrics RENAME COLUMN value TO reading;
ALTER TABLE metrics RENAME COLUMN label TO tag;
