CREATE TABLE users (
  id bigint PRIMARY KEY,
  email text NOT NULL,
  legacy_code text NOT NULL UNIQUE
);
CREATE INDEX users_legacy_idx ON users (lower(legacy_code)) INCLUDE (email);
