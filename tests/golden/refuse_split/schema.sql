CREATE TABLE users (
  id bigint PRIMARY KEY,
  full_name text NOT NULL,
  first text,
  locale text,
  shout text GENERATED ALWAYS AS (upper(locale)) STORED
);
