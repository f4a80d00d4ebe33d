CREATE TABLE hits (id bigint, day date NOT NULL) PARTITION BY RANGE (day);
