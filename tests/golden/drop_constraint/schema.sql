CREATE TABLE teams (id bigint PRIMARY KEY, code text CONSTRAINT teams_code_once UNIQUE);
CREATE TABLE people (
  id bigint PRIMARY KEY, team_id bigint REFERENCES teams, age integer CONSTRAINT "Grown up" CHECK (age > 17), boss bigint REFERENCES people,
  EXCLUDE USING btree (age WITH =) WHERE (age = 99));
CREATE TABLE readings (id bigint, taken date NOT NULL, value integer CONSTRAINT positive CHECK (value > 0)) PARTITION BY RANGE (taken);
CREATE TABLE readings_old PARTITION OF readings FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
