ALTER TYPE stage ADD VALUE 'running' BEFORE 'done';
ALTER TYPE stage ADD VALUE 'Won''t do';
