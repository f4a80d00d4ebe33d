CREATE TABLE countries (code varchar(3) PRIMARY KEY, name text);
CREATE TABLE users (
  id bigint PRIMARY KEY,
  login varchar(20) NOT NULL,
  country varchar(3) REFERENCES countries (code) ON DELETE SET NULL,
  changed integer NOT NULL DEFAULT 0,
  CONSTRAINT users_login_key UNIQUE (login),
  CONSTRAINT login_not_empty CHECK (login <> '')
);
CREATE TABLE badges (id bigint PRIMARY KEY, login varchar(20) REFERENCES users (login) ON UPDATE CASCADE);
CREATE INDEX users_lower_login_idx ON users (lower(login), country) INCLUDE (login) WHERE login <> 'root';
CREATE INDEX users_pattern_idx ON users (login varchar_pattern_ops);
CREATE STATISTICS users_stats (dependencies) ON login, country FROM users;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_country ON users USING (country = 'DE');
CREATE FUNCTION count_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed := OLD.changed + length(NEW.login);
  RETURN NEW;
END
$$;
CREATE TRIGGER login_changed BEFORE UPDATE OF login ON users FOR EACH ROW EXECUTE FUNCTION count_changes();
