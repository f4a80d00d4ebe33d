CREATE TABLE events (
  id bigint PRIMARY KEY,
  day date NOT NULL,
  hour time
);
