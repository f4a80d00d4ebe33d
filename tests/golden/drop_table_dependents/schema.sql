CREATE TABLE regions (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE shops (id bigint PRIMARY KEY, region_id bigint CONSTRAINT shops_region_id_fkey REFERENCES regions, town text);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := btrim(NEW.name); RETURN NEW; END $$;
CREATE TRIGGER regions_touch BEFORE INSERT OR UPDATE ON regions FOR EACH ROW EXECUTE FUNCTION touch();
CREATE PUBLICATION some_tables FOR TABLE regions;
