CREATE TABLE users (id bigint PRIMARY KEY, name text DEFAULT 'nobody', updated text);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated := TG_TABLE_NAME || NEW.name;
  RETURN NEW;
END $$;
CREATE TRIGGER stamped BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE TABLE more () INHERITS (users);
