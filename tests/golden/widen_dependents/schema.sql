CREATE DOMAIN "Team Number" AS integer;
CREATE TABLE teams (
  region smallint NOT NULL,
  id integer NOT NULL CHECK (id > 0),
  code text,
  PRIMARY KEY (region, id)
);
COMMENT ON COLUMN teams.id IS 'within its region';
ALTER TABLE teams ALTER COLUMN id SET STATISTICS 500;
CREATE INDEX teams_code ON teams (code) INCLUDE (id) WHERE id > 10;
CREATE STATISTICS teams_stats ON region, id FROM teams;
CREATE ROLE app_reader;
GRANT SELECT (id) ON teams TO app_reader;
ALTER TABLE teams ENABLE ROW LEVEL SECURITY;
CREATE POLICY small ON teams USING (id < 1000000);
CREATE TABLE members (
  id integer PRIMARY KEY,
  region smallint,
  team_id "Team Number" DEFAULT 7,
  changed integer NOT NULL DEFAULT 0,
  CONSTRAINT members_team FOREIGN KEY (region, team_id) REFERENCES teams (region, id) ON DELETE SET NULL
);
COMMENT ON CONSTRAINT members_team ON members IS 'one team at a time';
-- Not valid, and stays so.
CREATE TABLE scores (region smallint, team integer, points integer);
ALTER TABLE scores ADD CONSTRAINT scores_team FOREIGN KEY (region, team) REFERENCES teams (region, id) NOT VALID;
CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.team_id IS DISTINCT FROM OLD.team_id THEN NEW.changed := OLD.changed + 1; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER counted BEFORE UPDATE OF team_id ON members FOR EACH ROW EXECUTE FUNCTION count_change();
CREATE SEQUENCE team_numbers AS integer;
ALTER TABLE teams ALTER COLUMN id SET DEFAULT nextval('team_numbers');
-- A lone column is no key, and widens all the same.
CREATE DOMAIN hit_count AS smallint;
CREATE TABLE hits (id bigint PRIMARY KEY, n hit_count NOT NULL DEFAULT 0);
