CREATE FUNCTION slug(b text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(b)';
CREATE TABLE t (a integer, b text, c text[], d jsonb, at timestamp);
