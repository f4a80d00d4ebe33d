CREATE TABLE people (
  id bigint PRIMARY KEY,
  "Full Name" text NOT NULL,
  state varchar(12) DEFAULT 'new',
  made timestamptz DEFAULT clock_timestamp(),
  old_code text
);
CREATE TABLE visits (
  id bigint PRIMARY KEY,
  came date
);
