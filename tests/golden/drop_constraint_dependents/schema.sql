CREATE TABLE teams (id bigint, code text, CONSTRAINT teams_code_key UNIQUE (code), title text CONSTRAINT teams_title_check CHECK (title <> ''));
CREATE TABLE people (id bigint PRIMARY KEY, team text, CONSTRAINT people_team_fkey FOREIGN KEY (team) REFERENCES teams (code) ON UPDATE CASCADE);
CREATE VIEW team_titles AS SELECT code, title FROM teams;
