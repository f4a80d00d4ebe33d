ALTER TABLE visits ADD COLUMN agent text;
UPDATE visits SET agent = 'unknown';
ALTER TABLE visits ALTER COLUMN agent SET NOT NULL;
CREATE INDEX ON visits (agent, day);
