ALTER TABLE people DROP CONSTRAINT people_team_fkey;
ALTER TABLE teams DROP CONSTRAINT teams_code_key;
ALTER TABLE teams DROP CONSTRAINT teams_title_check;
ALTER TABLE teams RENAME COLUMN title TO name;
