ALTER TABLE members RENAME since TO joined_on;
