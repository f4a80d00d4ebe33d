CREATE TABLE pages (
  id bigint PRIMARY KEY,
  title text NOT NULL,
  views integer NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL
);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;
CREATE FUNCTION refuse_negative() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.views < 0 THEN RETURN NULL; END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER pages_touch BEFORE UPDATE ON pages FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER zzz_refuse BEFORE INSERT OR UPDATE OF views ON pages FOR EACH ROW EXECUTE FUNCTION refuse_negative();
