CREATE TABLE people (id bigint PRIMARY KEY, nick text, fax text);
CREATE FUNCTION card(p people) RETURNS text LANGUAGE sql AS $$ SELECT p.fax $$;
CREATE MATERIALIZED VIEW nicks AS SELECT id, nick FROM people;
