CREATE TABLE users (
  id bigint PRIMARY KEY,
  full_name text NOT NULL UNIQUE CHECK (full_name <> 'nobody'),
  updated_at timestamptz,
  locale text
);
CREATE INDEX users_by_name ON users (lower(full_name), locale);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;
CREATE TRIGGER users_stamp BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION stamp();
