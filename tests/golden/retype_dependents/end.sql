DROP POLICY own_country ON users;
DROP TRIGGER login_changed ON users;
ALTER TABLE users ALTER COLUMN login TYPE text, ALTER COLUMN country TYPE text;
CREATE TRIGGER login_changed BEFORE UPDATE OF login ON users FOR EACH ROW EXECUTE FUNCTION count_changes();
CREATE POLICY own_country ON users USING (country = 'DE');
