ALTER TABLE events ADD COLUMN starts_at timestamp;
UPDATE events SET starts_at = day + coalesce(hour, '00:00');
ALTER TABLE events DROP COLUMN day, DROP COLUMN hour, ALTER COLUMN starts_at SET NOT NULL;
