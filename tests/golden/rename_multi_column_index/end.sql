ALTER TABLE events RENAME COLUMN happened TO happened_at;
