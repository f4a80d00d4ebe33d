CREATE TABLE customers (
  no bigint PRIMARY KEY,
  name text
);
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  customer bigint NOT NULL REFERENCES customers (no) ON DELETE CASCADE
);
CREATE TABLE referrals (
  by_customer bigint REFERENCES customers,
  of_customer bigint CONSTRAINT referrals_of_fkey REFERENCES customers (no) DEFERRABLE,
  PRIMARY KEY (by_customer, of_customer)
);
COMMENT ON CONSTRAINT customers_pkey ON customers IS 'the number on the card';
COMMENT ON INDEX customers_pkey IS 'asked for by every page';
