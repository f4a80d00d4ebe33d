ALTER TABLE readings ADD COLUMN quality smallint;
-- A fill fires no triggers of the table's own.
SET session_replication_role = replica;
UPDATE readings SET quality = CASE WHEN value IS NULL THEN 0 ELSE 5 END;
UPDATE readings SET value = 0 WHERE value IS NULL;
RESET session_replication_role;
ALTER TABLE readings ALTER COLUMN value SET NOT NULL, ALTER COLUMN quality SET NOT NULL, ALTER COLUMN source DROP NOT NULL,
  ALTER COLUMN unit SET DEFAULT 'K', DROP COLUMN legacy, ADD CHECK (quality BETWEEN 0 AND 9);
DROP INDEX readings_source_idx;
