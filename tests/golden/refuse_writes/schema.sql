-- a trigger that sets the old column, and one whose name sorts behind every other
CREATE TABLE users (id bigint PRIMARY KEY, email text, seen timestamptz);
CREATE FUNCTION normalise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.email := lower(NEW.email);
  RETURN NEW;
END
$$;
CREATE TRIGGER users_normalise BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION normalise();
CREATE TABLE pages (id bigint PRIMARY KEY, title text, updated_at timestamptz);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;
CREATE TRIGGER "􏿿~touch" BEFORE UPDATE ON pages FOR EACH ROW EXECUTE FUNCTION touch();
-- tables below it
CREATE TABLE parents (id bigint PRIMARY KEY);
CREATE TABLE children (extra text) INHERITS (parents);
-- a rule in the way of the fill
CREATE TABLE logs (id bigint PRIMARY KEY, line text);
CREATE RULE logs_stay AS ON UPDATE TO logs DO INSTEAD NOTHING;
-- a trigger that no setting silences
CREATE TABLE notes (id bigint PRIMARY KEY, body text);
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('notes', NEW.id::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER notes_tell AFTER UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION tell();
ALTER TABLE notes ENABLE ALWAYS TRIGGER notes_tell;
-- an audit of whole rows
CREATE TABLE posts (id bigint PRIMARY KEY, body text);
CREATE TABLE posts_audit (id bigint, body text, at timestamptz DEFAULT now());
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO posts_audit SELECT NEW.*;
  RETURN NULL;
END
$$;
CREATE TRIGGER posts_audit AFTER INSERT ON posts FOR EACH ROW EXECUTE FUNCTION audit();
