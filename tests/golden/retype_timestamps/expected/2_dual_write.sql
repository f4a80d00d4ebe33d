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

SELECT segue.enter('input', '', 2, '227125a972f55e9a528e0bee538efc61cf372ff3a04925169f4e527dc276f020') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Say how public.visits.went becomes timestamp with time zone ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_visits_went_map_4e093c7a(timestamp without time
--        zone); DROP FUNCTION IF EXISTS segue.segue_public_visits_went_fails_91d6de81(timestamp
--        without time zone);
-- from   line 3: retype visits.went -> timestamp with time zone using (went at time zone
--        'Europe/Berlin')
SELECT pg_catalog.to_regprocedure('segue.segue_public_visits_went_map_4e093c7a(timestamp without time zone)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_visits_went_fails_91d6de81(timestamp without time zone)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_visits_went_map_4e093c7a(timestamp without time zone) RETURNS timestamp with time zone
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres' AS $segue$
<<segue_row>>
DECLARE
  "went" CONSTANT timestamp without time zone := $1;
  segue_new timestamp with time zone;
BEGIN
  segue_new := (segue_row.went at time zone 'Europe/Berlin');
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_visits_went_map_4e093c7a(timestamp without time zone) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_visits_went_fails_91d6de81(timestamp without time zone) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres' AS $segue$
<<segue_row>>
DECLARE
  "went" CONSTANT timestamp without time zone := $1;
  segue_new timestamp with time zone;
BEGIN
  segue_new := (segue_row.went at time zone 'Europe/Berlin');
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_visits_went_fails_91d6de81(timestamp without time zone) TO PUBLIC;
COMMIT;
\endif

-- ── 2.2  Say how public.visits.day becomes date ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_visits_day_map_8d327f96(timestamp without time
--        zone); DROP FUNCTION IF EXISTS segue.segue_public_visits_day_fails_d3a089d5(timestamp
--        without time zone);
-- from   line 5: retype visits.day -> date
SELECT pg_catalog.to_regprocedure('segue.segue_public_visits_day_map_8d327f96(timestamp without time zone)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_visits_day_fails_d3a089d5(timestamp without time zone)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_visits_day_map_8d327f96(timestamp without time zone) RETURNS date
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres' AS $segue$
<<segue_row>>
DECLARE
  "day" CONSTANT timestamp without time zone := $1;
  segue_new date;
BEGIN
  segue_new := segue_row.day;
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_visits_day_map_8d327f96(timestamp without time zone) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_visits_day_fails_d3a089d5(timestamp without time zone) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres' AS $segue$
<<segue_row>>
DECLARE
  "day" CONSTANT timestamp without time zone := $1;
  segue_new date;
BEGIN
  segue_new := segue_row.day;
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_visits_day_fails_d3a089d5(timestamp without time zone) TO PUBLIC;
COMMIT;
\endif

-- ── 2.3  Dual-write on public.visits ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_visits_311368a8 ON public.visits; DROP
--        FUNCTION IF EXISTS segue.segue_public_visits_sync_2a1ffef3();
-- from   line 3: retype visits.went -> timestamp with time zone using (went at time zone
--        'Europe/Berlin')
-- from   line 5: retype visits.day -> date
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.visits') AND tgname = 'zz_segue_sync_segue_public_visits_311368a8' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_visits_sync_2a1ffef3() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- went and its copy of the new type say the same
  IF pg_catalog.record_image_ne(ROW(NEW.segue_went_as_timestamp_with_time_zone_1791dbf4), ROW(segue.segue_public_visits_went_map_4e093c7a(NEW.went))) THEN
    NEW.segue_went_as_timestamp_with_time_zone_1791dbf4 := segue.segue_public_visits_went_map_4e093c7a(NEW.went);
  END IF;
  -- day and its copy of the new type say the same
  IF pg_catalog.record_image_ne(ROW(NEW.segue_day_as_date_88515ffb), ROW(segue.segue_public_visits_day_map_8d327f96(NEW.day))) THEN
    NEW.segue_day_as_date_88515ffb := segue.segue_public_visits_day_map_8d327f96(NEW.day);
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.visits', 'zz_segue_sync_segue_public_visits_311368a8');
CREATE TRIGGER zz_segue_sync_segue_public_visits_311368a8 BEFORE INSERT OR UPDATE ON public.visits
  FOR EACH ROW WHEN ((pg_catalog.record_image_ne(ROW(NEW.segue_went_as_timestamp_with_time_zone_1791dbf4), ROW(segue.segue_public_visits_went_map_4e093c7a(NEW.went))))
    OR (pg_catalog.record_image_ne(ROW(NEW.segue_day_as_date_88515ffb), ROW(segue.segue_public_visits_day_map_8d327f96(NEW.day)))))
  EXECUTE FUNCTION segue.segue_public_visits_sync_2a1ffef3();
ALTER TABLE public.visits ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_visits_311368a8;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
