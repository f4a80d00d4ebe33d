ALTER TABLE members RENAME COLUMN nick TO nickname;
