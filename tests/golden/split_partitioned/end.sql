ALTER TABLE events ADD COLUMN kind text, ADD COLUMN number text;
UPDATE events SET kind = split_part(what, ':', 1), number = split_part(what, ':', 2);
ALTER TABLE events DROP COLUMN what;
