ALTER TABLE reports ADD COLUMN note text;
UPDATE reports SET note = visits.note FROM visits WHERE id = visit_id AND day = visit_day;
ALTER TABLE visits DROP COLUMN note;
