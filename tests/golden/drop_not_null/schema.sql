CREATE TABLE users (id bigint PRIMARY KEY, fax text NOT NULL, CONSTRAINT users_fax_check CHECK (fax <> ''));
