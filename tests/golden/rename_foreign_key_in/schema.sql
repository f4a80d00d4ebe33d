CREATE TABLE currencies (
  id bigint PRIMARY KEY,
  code char(3) NOT NULL CONSTRAINT currencies_code_key UNIQUE
);
CREATE TABLE accounts (
  id bigint PRIMARY KEY,
  currency char(3) NOT NULL CONSTRAINT accounts_currency_fkey REFERENCES currencies (code) ON UPDATE CASCADE
);
CREATE TABLE rates (
  base char(3) REFERENCES currencies (code) ON DELETE CASCADE,
  quote char(3) REFERENCES currencies (code) NOT DEFERRABLE,
  rate numeric NOT NULL,
  PRIMARY KEY (base, quote)
);
