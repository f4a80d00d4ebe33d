ALTER TYPE stage ADD VALUE 'running' BEFORE 'done';
ALTER TYPE stage ADD VALUE 'Won''t do';
ALTER TABLE jobs ALTER COLUMN stage SET DEFAULT 'running';
CREATE INDEX ON jobs (id) WHERE stage < 'done';
