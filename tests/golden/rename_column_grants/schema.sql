DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'golden_reader') THEN
    CREATE ROLE golden_reader;
  END IF;
END $$;

CREATE TABLE staff (id bigint PRIMARY KEY, name text, salary integer);
GRANT SELECT (id, name), UPDATE (name) ON staff TO golden_reader;
GRANT SELECT (name) ON staff TO PUBLIC;
GRANT REFERENCES (name) ON staff TO golden_reader WITH GRANT OPTION;
