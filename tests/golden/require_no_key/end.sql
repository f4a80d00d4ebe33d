UPDATE sessions SET sid = '' WHERE sid IS NULL;
ALTER TABLE sessions ALTER COLUMN sid SET NOT NULL;
UPDATE sessions SET hits = 0 WHERE NOT hits >= 0;
ALTER TABLE sessions ADD CHECK (hits >= 0);
