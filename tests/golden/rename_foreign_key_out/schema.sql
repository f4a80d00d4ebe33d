CREATE TABLE teams (id bigint PRIMARY KEY, region text NOT NULL, UNIQUE (region, id));
CREATE TABLE players (
  id bigint PRIMARY KEY,
  team bigint CONSTRAINT players_team_fkey REFERENCES teams (id) ON DELETE SET NULL ON UPDATE CASCADE,
  region text,
  loan bigint REFERENCES teams DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT players_region_fkey FOREIGN KEY (region, team) REFERENCES teams (region, id) MATCH FULL
);
CREATE INDEX players_team_idx ON players (team);
