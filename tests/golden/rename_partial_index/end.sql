ALTER TABLE tickets RENAME COLUMN closed_on TO resolved_on;
