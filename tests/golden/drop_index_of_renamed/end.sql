ALTER TABLE people RENAME COLUMN nick TO nickname;
DROP INDEX people_nick_idx, people_code_twin;
