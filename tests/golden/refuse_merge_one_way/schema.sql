CREATE TABLE users (
  id bigint PRIMARY KEY,
  first_name text NOT NULL,
  last_name text
);
CREATE DOMAIN short AS text CHECK (length(VALUE) < 9);
