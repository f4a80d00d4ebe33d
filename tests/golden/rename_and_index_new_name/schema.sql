CREATE TABLE users (id bigint PRIMARY KEY, full_name text, country char(2));
CREATE INDEX users_country_idx ON users (country, full_name);
