ALTER TABLE jobs RENAME COLUMN state TO status;
ALTER TABLE jobs RENAME COLUMN tries TO attempts;
ALTER TABLE jobs RENAME COLUMN due TO due_at;
