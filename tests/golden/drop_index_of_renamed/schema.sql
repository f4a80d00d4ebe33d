CREATE TABLE people (id bigint PRIMARY KEY, nick text, born date, code integer);
CREATE INDEX people_nick_idx ON people (nick);
CREATE INDEX people_nick_born ON people (nick, born);
CREATE UNIQUE INDEX people_code ON people (code);
CREATE UNIQUE INDEX people_code_twin ON people (code);
CREATE TABLE badges (id bigint PRIMARY KEY, people_code integer REFERENCES people (code));
ALTER TABLE badges DROP CONSTRAINT badges_people_code_fkey;
CREATE VIEW nicks AS SELECT id, nick FROM people;
