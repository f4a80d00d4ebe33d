CREATE TABLE people (id bigint PRIMARY KEY, email text UNIQUE, code integer);
CREATE INDEX people_email_idx ON people (email);
CREATE UNIQUE INDEX people_code ON people (code);
CREATE TABLE badges (id bigint PRIMARY KEY, people_code integer REFERENCES people (code));
CREATE TABLE readings (id bigint, taken date NOT NULL) PARTITION BY RANGE (taken);
CREATE TABLE readings_old PARTITION OF readings FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
CREATE INDEX readings_taken ON readings (taken);
