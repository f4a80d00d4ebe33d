CREATE TABLE users (id bigint PRIMARY KEY, name text, age integer, CONSTRAINT grown CHECK (age > 17));
