CREATE TABLE users (id bigint PRIMARY KEY, name text);
CREATE TABLE logs (id bigserial PRIMARY KEY, user_id bigint REFERENCES users, line text, parent bigint REFERENCES logs);
CREATE INDEX logs_line ON logs (line);
CREATE TABLE log_tags (log_id bigint REFERENCES logs, tag text, CHECK (tag <> ''));
CREATE TABLE "Odd Table" (a integer GENERATED ALWAYS AS IDENTITY);
CREATE TABLE readings (id bigint, taken date NOT NULL) PARTITION BY RANGE (taken);
CREATE TABLE readings_old PARTITION OF readings FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
