CREATE TABLE orders (id bigint PRIMARY KEY, total integer, place text);
CREATE VIEW totals AS SELECT id, total FROM orders;
CREATE FUNCTION region_count() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM regions JOIN orders ON true); END $$;
