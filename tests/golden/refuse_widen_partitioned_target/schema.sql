CREATE TABLE days (id integer, day integer, PRIMARY KEY (id, day)) PARTITION BY LIST (day);
CREATE TABLE days_1 PARTITION OF days FOR VALUES IN (1);
CREATE TABLE day_notes (id integer, day integer, FOREIGN KEY (id, day) REFERENCES days);
