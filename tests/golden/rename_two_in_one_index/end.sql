ALTER TABLE contacts RENAME COLUMN fname TO first_name;
ALTER TABLE contacts RENAME COLUMN lname TO last_name;
