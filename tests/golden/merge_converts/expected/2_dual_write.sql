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

SELECT segue.enter('input', '', 2, '0ae3ee3694be80f24d562fffbc11244a1a3dc4ad26c224dc0605890518bea83d') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.events ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.events, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_events_aa409621 ON public.events; …
-- from   line 1: merge events(day, hour) -> starts_at timestamp = (day + coalesce(hour, '00:00'))
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.events') AND tgname = 'zz_segue_sync_segue_public_events_aa409621' AND tgenabled = 'A') AS segue_done \gset
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
  segue_value_1 := (segue_public_events_fails_for_day_hour_01072aff.day + coalesce(segue_public_events_fails_for_day_hour_01072aff.hour, '00:00'));
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
    segue_value := (segue_public_events_to_starts_at_c27f0921.day + coalesce(segue_public_events_to_starts_at_c27f0921.hour, '00:00'));
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
CREATE OR REPLACE FUNCTION segue.segue_public_events_starts_at_null_function_eefbc27b() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  PERFORM pg_catalog.set_config('segue.segue_public_events_starts_at_null_ae97f58b', OLD::text, true);
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.events', 'zz_segue_null_segue_public_events_starts_at_null_591ed3f9');
CREATE TRIGGER zz_segue_null_segue_public_events_starts_at_null_591ed3f9 BEFORE UPDATE OF starts_at ON public.events
  FOR EACH ROW WHEN (NEW.starts_at IS NULL AND OLD.starts_at IS NULL AND (OLD.day IS NOT NULL OR OLD.hour IS NOT NULL)
    AND NOT pg_catalog.record_image_ne(ROW(OLD.day, OLD.hour), ROW(NEW.day, NEW.hour)))
  EXECUTE FUNCTION segue.segue_public_events_starts_at_null_function_eefbc27b();
ALTER TABLE public.events ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_events_starts_at_null_591ed3f9;
CREATE OR REPLACE FUNCTION segue.segue_public_events_sync_51ffa424() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- (day, hour) and starts_at say the same; where both changed, the new side wins
  IF pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on' THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.starts_at IS NULL THEN
        NEW.starts_at := segue.segue_public_events_to_starts_at_c27f0921(NEW.day, NEW.hour);
      ELSE
        SELECT segue.segue_public_events_given_to_day_cfd46f63(NEW.starts_at, NEW.day, NEW.hour), segue.segue_public_events_given_to_hour_fd070991(NEW.starts_at, NEW.day, NEW.hour) INTO NEW.day, NEW.hour;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.starts_at), ROW(NEW.starts_at))
      OR (OLD.starts_at IS NULL AND NOT pg_catalog.record_image_ne(ROW(OLD.day, OLD.hour), ROW(NEW.day, NEW.hour))
        AND (pg_catalog.current_setting('segue.segue_public_events_starts_at_null_ae97f58b', true) IS NOT DISTINCT FROM OLD::text)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.day, OLD.hour), ROW(NEW.day, NEW.hour)) THEN
        PERFORM segue.note_disagreement('input', 'public.events', 'starts_at, day, hour');
      END IF;
      -- a row that is not filled yet: what this write leaves out comes from the old side
      IF OLD.starts_at IS NULL THEN
        IF NEW.starts_at IS NULL AND pg_catalog.current_setting('segue.segue_public_events_starts_at_null_ae97f58b', true) IS DISTINCT FROM OLD::text THEN
          NEW.starts_at := segue.segue_public_events_to_starts_at_c27f0921(OLD.day, OLD.hour);
        END IF;
      END IF;
      SELECT segue.segue_public_events_given_to_day_cfd46f63(NEW.starts_at, NEW.day, NEW.hour), segue.segue_public_events_given_to_hour_fd070991(NEW.starts_at, NEW.day, NEW.hour) INTO NEW.day, NEW.hour;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.day, OLD.hour), ROW(NEW.day, NEW.hour))
      OR (NEW.starts_at IS NULL) THEN
      NEW.starts_at := segue.segue_public_events_to_starts_at_c27f0921(NEW.day, NEW.hour);
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.events', 'zz_segue_sync_segue_public_events_aa409621');
CREATE TRIGGER zz_segue_sync_segue_public_events_aa409621 BEFORE INSERT OR UPDATE ON public.events
  FOR EACH ROW WHEN (pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_events_sync_51ffa424();
ALTER TABLE public.events ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_events_aa409621;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
