CREATE TABLE places (
  id bigint PRIMARY KEY,
  spot text,
  label text NOT NULL DEFAULT 'x'
);
