CREATE TABLE users (
  id bigint PRIMARY KEY,
  full_name varchar(80) NOT NULL
);
