ALTER TABLE people RENAME COLUMN "Full Name" TO display_name;
ALTER TABLE people RENAME COLUMN state TO status;
ALTER TABLE people RENAME COLUMN made TO made_at;
ALTER TABLE people DROP COLUMN old_code;
ALTER TABLE visits RENAME COLUMN came TO came_on;
