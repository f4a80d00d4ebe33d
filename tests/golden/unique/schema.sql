CREATE TABLE seats (id bigint PRIMARY KEY, hall integer, nr integer, code text);
