-- input · phase 2 of 4: dual-write
--
-- when   after phase 1; before the release that writes what is new
-- apply  segue apply <this directory> --phase 2
--        or psql -v ON_ERROR_STOP=1 -f 2_dual_write.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

SELECT segue.enter('input', '', 2, 'ee152c9b4c00519e402ea8dbd631e1acfaa5e7c8a7f0ca6251a8e90939a56456') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Say how public.orders.total_cents becomes numeric(18,2) ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_orders_total_cents_map_f1a6170f(integer); DROP
--        FUNCTION IF EXISTS segue.segue_public_orders_total_cents_fails_657c20d8(integer);
-- from   line 14: retype orders.total_cents -> numeric(18,2) as total
SELECT pg_catalog.to_regprocedure('segue.segue_public_orders_total_cents_map_f1a6170f(integer)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_orders_total_cents_fails_657c20d8(integer)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_orders_total_cents_map_f1a6170f(integer) RETURNS numeric(18,2)
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "total_cents" CONSTANT integer := $1;
  segue_new numeric(18,2);
BEGIN
  segue_new := (segue_row.total_cents / 100.0);
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_total_cents_map_f1a6170f(integer) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_total_cents_fails_657c20d8(integer) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "total_cents" CONSTANT integer := $1;
  segue_new numeric(18,2);
BEGIN
  segue_new := (segue_row.total_cents / 100.0);
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_total_cents_fails_657c20d8(integer) TO PUBLIC;
COMMIT;
\endif

-- ── 2.2  Say how public.orders.state becomes public.order_state ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_orders_state_map_d72187b4(text); DROP FUNCTION
--        IF EXISTS segue.segue_public_orders_state_fails_31600ebb(text);
-- from   line 19: retype orders.state -> order_state as status
SELECT pg_catalog.to_regprocedure('segue.segue_public_orders_state_map_d72187b4(text)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_orders_state_fails_31600ebb(text)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_orders_state_map_d72187b4(text) RETURNS public.order_state
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "state" CONSTANT text := $1;
  segue_new public.order_state;
BEGIN
  segue_new := (segue_row.state::order_state);
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_state_map_d72187b4(text) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_state_fails_31600ebb(text) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "state" CONSTANT text := $1;
  segue_new public.order_state;
BEGIN
  segue_new := (segue_row.state::order_state);
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_state_fails_31600ebb(text) TO PUBLIC;
COMMIT;
\endif

-- ── 2.3  Say how old and new values of public.events follow from each other ──
-- why    a value that does not convert is NULL here and is listed in phase 3; the application
--        writes both sides, and no trigger calls these
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_events_fails_for_day_hour_01072aff(date, time
--        without time zone); …
SELECT pg_catalog.to_regprocedure('segue.segue_public_events_fails_for_day_hour_01072aff(date, time without time zone)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_events_to_starts_at_c27f0921(date, time without time zone)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_events_back_to_day_1a3938a3(timestamp, date, time without time zone)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_events_given_to_day_cfd46f63(timestamp, date, time without time zone)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_events_back_to_hour_dc2978d1(timestamp, date, time without time zone)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_events_given_to_hour_fd070991(timestamp, date, time without time zone)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_events_fails_for_day_hour_01072aff(day date, hour time without time zone) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres' AS $segue$
DECLARE
  segue_value_1 timestamp;
BEGIN
  segue_value_1 := (segue_public_events_fails_for_day_hour_01072aff.day + segue_public_events_fails_for_day_hour_01072aff.hour);
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_events_fails_for_day_hour_01072aff(date, time without time zone) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_events_to_starts_at_c27f0921(day date, hour time without time zone) RETURNS timestamp
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres' AS $segue$
DECLARE
  segue_value timestamp;
BEGIN
  BEGIN
    segue_value := (segue_public_events_to_starts_at_c27f0921.day + segue_public_events_to_starts_at_c27f0921.hour);
  EXCEPTION WHEN OTHERS THEN
    segue_value := NULL;
  END;
  RETURN segue_value;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_events_to_starts_at_c27f0921(date, time without time zone) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_events_back_to_day_1a3938a3(starts_at timestamp, day date, hour time without time zone) RETURNS date
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres' AS $segue$
DECLARE
  segue_value date;
BEGIN
  BEGIN
    segue_value := (segue_public_events_back_to_day_1a3938a3.starts_at::date);
  EXCEPTION WHEN OTHERS THEN
    segue_value := NULL;
  END;
  RETURN segue_value;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_events_back_to_day_1a3938a3(timestamp, date, time without time zone) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_events_given_to_day_cfd46f63(starts_at timestamp, day date, hour time without time zone) RETURNS date
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres' AS $segue$
DECLARE
BEGIN
  RETURN (segue_public_events_given_to_day_cfd46f63.starts_at::date);
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_events_given_to_day_cfd46f63(timestamp, date, time without time zone) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_events_back_to_hour_dc2978d1(starts_at timestamp, day date, hour time without time zone) RETURNS time without time zone
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres' AS $segue$
DECLARE
  segue_value time without time zone;
BEGIN
  BEGIN
    segue_value := (segue_public_events_back_to_hour_dc2978d1.starts_at::time);
  EXCEPTION WHEN OTHERS THEN
    segue_value := NULL;
  END;
  RETURN segue_value;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_events_back_to_hour_dc2978d1(timestamp, date, time without time zone) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_events_given_to_hour_fd070991(starts_at timestamp, day date, hour time without time zone) RETURNS time without time zone
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres' AS $segue$
DECLARE
BEGIN
  RETURN (segue_public_events_given_to_hour_fd070991.starts_at::time);
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_events_given_to_hour_fd070991(timestamp, date, time without time zone) TO PUBLIC;
COMMIT;
\endif

-- ── 2.4  Say how old and new values of public.people follow from each other ──
-- why    a value that does not convert is NULL here and is listed in phase 3; the application
--        writes both sides, and no trigger calls these
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_people_fails_for_full_name_2997fb88(text); …
SELECT pg_catalog.to_regprocedure('segue.segue_public_people_fails_for_full_name_2997fb88(text)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_people_to_first_name_d9a69600(text)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_people_to_last_name_810d8d06(text)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_people_back_to_full_name_3cdb87c2(text, text, text)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_people_fails_for_born_425ad5b4(text)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_people_to_born_on_25584f91(text)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_people_to_decade_b28353d0(text)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_people_fails_for_full_name_2997fb88(full_name text) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
DECLARE
  segue_value_1 text;
  segue_value_2 text;
BEGIN
  segue_value_1 := (split_part(segue_public_people_fails_for_full_name_2997fb88.full_name, ' ', 1));
  segue_value_2 := (substr(segue_public_people_fails_for_full_name_2997fb88.full_name, strpos(segue_public_people_fails_for_full_name_2997fb88.full_name, ' ') + 1));
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_people_fails_for_full_name_2997fb88(text) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_people_to_first_name_d9a69600(full_name text) RETURNS text
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
DECLARE
  segue_value text;
BEGIN
  BEGIN
    segue_value := (split_part(segue_public_people_to_first_name_d9a69600.full_name, ' ', 1));
  EXCEPTION WHEN OTHERS THEN
    segue_value := NULL;
  END;
  RETURN segue_value;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_people_to_first_name_d9a69600(text) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_people_to_last_name_810d8d06(full_name text) RETURNS text
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
DECLARE
  segue_value text;
BEGIN
  BEGIN
    segue_value := (substr(segue_public_people_to_last_name_810d8d06.full_name, strpos(segue_public_people_to_last_name_810d8d06.full_name, ' ') + 1));
  EXCEPTION WHEN OTHERS THEN
    segue_value := NULL;
  END;
  RETURN segue_value;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_people_to_last_name_810d8d06(text) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_people_back_to_full_name_3cdb87c2(first_name text, last_name text, full_name text) RETURNS text
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
DECLARE
  segue_value text;
BEGIN
  BEGIN
    segue_value := (segue_public_people_back_to_full_name_3cdb87c2.first_name || ' ' || segue_public_people_back_to_full_name_3cdb87c2.last_name);
  EXCEPTION WHEN OTHERS THEN
    segue_value := NULL;
  END;
  RETURN segue_value;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_people_back_to_full_name_3cdb87c2(text, text, text) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_people_fails_for_born_425ad5b4(born text) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres' AS $segue$
DECLARE
  segue_value_1 date;
  segue_value_2 integer;
BEGIN
  segue_value_1 := (segue_public_people_fails_for_born_425ad5b4.born::date);
  segue_value_2 := (left(segue_public_people_fails_for_born_425ad5b4.born, 3)::integer * 10);
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_people_fails_for_born_425ad5b4(text) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_people_to_born_on_25584f91(born text) RETURNS date
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres' AS $segue$
DECLARE
  segue_value date;
BEGIN
  BEGIN
    segue_value := (segue_public_people_to_born_on_25584f91.born::date);
  EXCEPTION WHEN OTHERS THEN
    segue_value := NULL;
  END;
  RETURN segue_value;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_people_to_born_on_25584f91(text) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_people_to_decade_b28353d0(born text) RETURNS integer
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres' AS $segue$
DECLARE
  segue_value integer;
BEGIN
  BEGIN
    segue_value := (left(segue_public_people_to_decade_b28353d0.born, 3)::integer * 10);
  EXCEPTION WHEN OTHERS THEN
    segue_value := NULL;
  END;
  RETURN segue_value;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_people_to_decade_b28353d0(text) TO PUBLIC;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
