CREATE TABLE contacts (
  id bigint PRIMARY KEY,
  fname text,
  lname text NOT NULL,
  CONSTRAINT contacts_names_check CHECK (coalesce(fname, '') <> lname)
);
CREATE INDEX contacts_names_idx ON contacts (lname, fname);
CREATE INDEX contacts_initials_idx ON contacts ((left(fname, 1) || left(lname, 1))) WHERE lname IS DISTINCT FROM fname;
