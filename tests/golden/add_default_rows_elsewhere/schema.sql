CREATE TABLE prices (id bigint PRIMARY KEY, cents integer);
CREATE DOMAIN price AS prices;
CREATE TYPE offer AS (price price, until date);
CREATE TABLE offers (id bigint PRIMARY KEY, offer offer[]);
