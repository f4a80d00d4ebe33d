DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'golden_reader') THEN
    CREATE ROLE golden_reader;
  END IF;
END $$;

CREATE TABLE files (id bigint PRIMARY KEY, owner text NOT NULL, path text);
ALTER TABLE files ENABLE ROW LEVEL SECURITY;
ALTER TABLE files FORCE ROW LEVEL SECURITY;
CREATE POLICY files_own ON files TO golden_reader USING (owner = current_user) WITH CHECK (owner = current_user AND path <> 'owner');
CREATE POLICY files_all ON files FOR SELECT USING (true);
