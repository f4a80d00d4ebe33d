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

SELECT segue.enter('input', '', 2, '28e8676366b6859cf9acace79f98130950235d84a42864bc907378912fe0271a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Say how public.readings.raw becomes numeric ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_readings_raw_map_89690b67(text); DROP FUNCTION
--        IF EXISTS segue.segue_public_readings_raw_fails_007b4420(text);
-- from   line 1: retype readings.raw -> numeric as value
SELECT pg_catalog.to_regprocedure('segue.segue_public_readings_raw_map_89690b67(text)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_readings_raw_fails_007b4420(text)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_readings_raw_map_89690b67(text) RETURNS numeric
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "raw" CONSTANT text := $1;
  segue_new numeric;
BEGIN
  segue_new := (segue_row.raw::numeric);
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_readings_raw_map_89690b67(text) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_readings_raw_fails_007b4420(text) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "raw" CONSTANT text := $1;
  segue_new numeric;
BEGIN
  segue_new := (segue_row.raw::numeric);
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_readings_raw_fails_007b4420(text) TO PUBLIC;
COMMIT;
\endif

-- ── 2.2  Dual-write on public.readings ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.readings, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_readings_16e0d5f5 ON public.readings;
--        …
-- from   line 1: retype readings.raw -> numeric as value
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.readings') AND tgname = 'zz_segue_sync_segue_public_readings_16e0d5f5' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_readings_value_null_function_9da89405() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.raw := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.readings', 'zz_segue_null_segue_public_readings_value_null_16f265fb');
CREATE TRIGGER zz_segue_null_segue_public_readings_value_null_16f265fb BEFORE UPDATE OF value ON public.readings
  FOR EACH ROW WHEN (NEW.value IS NULL AND OLD.value IS NULL AND NEW.raw IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.raw), ROW(NEW.raw))
    AND (segue.segue_public_readings_raw_map_89690b67(NEW.raw)) IS NOT NULL)
  EXECUTE FUNCTION segue.segue_public_readings_value_null_function_9da89405();
ALTER TABLE public.readings ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_readings_value_null_16f265fb;
CREATE OR REPLACE FUNCTION segue.segue_public_readings_sync_2a7ff928() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- raw and value say the same, each in its type; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.value), ROW(segue.segue_public_readings_raw_map_89690b67(NEW.raw))) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.value IS NOT NULL THEN
        NEW.raw := CASE WHEN NEW.value IS NOT NULL THEN NEW.raw END;
      ELSE
        NEW.value := segue.segue_public_readings_raw_map_89690b67(NEW.raw);
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.value), ROW(NEW.value)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.raw), ROW(NEW.raw)) THEN
        PERFORM segue.note_disagreement('input', 'public.readings', 'raw, value');
      END IF;
      NEW.raw := CASE WHEN NEW.value IS NOT NULL THEN NEW.raw END;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.raw), ROW(NEW.raw)) OR NEW.value IS NULL THEN
      NEW.value := segue.segue_public_readings_raw_map_89690b67(NEW.raw);
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.readings', 'zz_segue_sync_segue_public_readings_16e0d5f5');
CREATE TRIGGER zz_segue_sync_segue_public_readings_16e0d5f5 BEFORE INSERT OR UPDATE ON public.readings
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(NEW.value), ROW(segue.segue_public_readings_raw_map_89690b67(NEW.raw))))
  EXECUTE FUNCTION segue.segue_public_readings_sync_2a7ff928();
ALTER TABLE public.readings ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_readings_16e0d5f5;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
