CREATE TABLE measurements (id bigint NOT NULL, taken date NOT NULL, value integer, PRIMARY KEY (id, taken)) PARTITION BY RANGE (taken);
CREATE TABLE measurements_old PARTITION OF measurements FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
CREATE TABLE measurements_new PARTITION OF measurements FOR VALUES FROM ('2024-01-01') TO (MAXVALUE);
ALTER TABLE measurements ENABLE ROW LEVEL SECURITY;
CREATE POLICY positive ON measurements USING (value > 0 OR id IN (SELECT max(m.id) FROM measurements m));
CREATE TABLE audit (what text, id bigint);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit VALUES (TG_TABLE_NAME, NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER noted AFTER INSERT ON measurements FOR EACH ROW EXECUTE FUNCTION note();
CREATE FUNCTION many() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM measurements';
CREATE FUNCTION shown(m measurements) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT m.taken || '': '' || m.value';
CREATE FUNCTION all_of_them() RETURNS SETOF measurements LANGUAGE sql STABLE BEGIN ATOMIC SELECT * FROM measurements; END;
