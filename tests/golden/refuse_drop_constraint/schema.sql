CREATE TABLE teams (id bigint PRIMARY KEY, code text NOT NULL CONSTRAINT teams_code_key UNIQUE);
CREATE INDEX teams_code_idx ON teams (code);
CREATE TABLE people (id bigint PRIMARY KEY, team_id bigint REFERENCES teams, code text REFERENCES teams (code));
CREATE TABLE readings (id bigint, taken date NOT NULL, CONSTRAINT positive CHECK (id > 0)) PARTITION BY RANGE (taken);
CREATE TABLE readings_old PARTITION OF readings FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
