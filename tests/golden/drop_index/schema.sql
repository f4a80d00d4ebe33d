CREATE TABLE people (id bigint PRIMARY KEY, email text, nick text, born date);
CREATE INDEX people_email_idx ON people (email);
CREATE UNIQUE INDEX people_nick ON people (lower(nick)) WHERE nick <> '';
CREATE INDEX "People Born" ON people (born DESC) INCLUDE (email);
CREATE TABLE readings (id bigint, taken date NOT NULL, value integer) PARTITION BY RANGE (taken);
CREATE TABLE readings_old PARTITION OF readings FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
CREATE TABLE readings_new PARTITION OF readings FOR VALUES FROM ('2024-01-01') TO (MAXVALUE);
CREATE INDEX readings_value ON readings (value);
