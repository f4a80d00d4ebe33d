CREATE TABLE users (
  id bigint PRIMARY KEY,
  full_name text NOT NULL,
  locale text
);
