-- Names that PostgreSQL would give are taken, columns are generated or of a domain, and the tables
-- are partitioned, inherited from or point at themselves.
CREATE DOMAIN slug AS text;
CREATE TABLE people (
  id bigint PRIMARY KEY,
  name text NOT NULL,
  slug slug,
  boss_id bigint,
  born date,
  born_year integer GENERATED ALWAYS AS (extract(year FROM born)::integer) STORED,
  data jsonb,
  CONSTRAINT people_check CHECK (length(name) < 100)
);
CREATE INDEX people_lower_idx ON people (lower(name));
CREATE UNIQUE INDEX people_slug_key ON people (slug) WHERE born IS NULL;
CREATE VIEW bosses AS SELECT DISTINCT boss_id FROM people WHERE boss_id IS NOT NULL;
CREATE FUNCTION lower_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.slug := lower(NEW.slug);
  RETURN NEW;
END $$;
CREATE TRIGGER lower_slug BEFORE INSERT OR UPDATE ON people FOR EACH ROW EXECUTE FUNCTION lower_slug();
CREATE TABLE days (day date, hall integer, open boolean, PRIMARY KEY (day, hall)) PARTITION BY RANGE (day);
CREATE TABLE days_old PARTITION OF days FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
CREATE TABLE days_new PARTITION OF days FOR VALUES FROM ('2024-01-01') TO (MAXVALUE);
CREATE TABLE visits (id bigint PRIMARY KEY, person_id bigint, day date, hall integer, fee numeric(6,2));
ALTER TABLE visits ADD CONSTRAINT visits_person_id_fkey CHECK (person_id > 0);
CREATE TABLE halls (nr integer, name text NOT NULL UNIQUE);
CREATE UNIQUE INDEX halls_nr ON halls (nr) WHERE name <> '';
CREATE TABLE hall_notes (hall text REFERENCES halls (name), note text);
CREATE VIEW hall_list AS SELECT nr, name FROM halls;
