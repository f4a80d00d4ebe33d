ALTER TABLE events ALTER COLUMN score TYPE bigint, ALTER COLUMN kind TYPE varchar(30);
