CREATE TABLE notes (
  id bigint PRIMARY KEY,
  body text COLLATE "C"
);
CREATE INDEX notes_body_idx ON notes (body);
COMMENT ON COLUMN notes.body IS 'What was said; the author''s own words.';
COMMENT ON INDEX notes_body_idx IS 'For the search page.';
ALTER TABLE notes ALTER COLUMN body SET STATISTICS 250;
ALTER TABLE notes ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE notes ALTER COLUMN body SET (n_distinct = -0.5, n_distinct_inherited = 100);
