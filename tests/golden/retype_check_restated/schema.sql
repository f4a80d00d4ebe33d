CREATE TABLE prices (
  id bigint PRIMARY KEY,
  amount integer NOT NULL DEFAULT 100,
  CONSTRAINT amount_range CHECK (amount BETWEEN 1 AND 1000000)
);
