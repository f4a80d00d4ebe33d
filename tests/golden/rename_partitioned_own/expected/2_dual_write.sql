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

SELECT segue.enter('input', '', 2, '0ce25f4ebdec2594517d33fb35ed2c2b4c94e29fb2921960adf80ffc298d4075') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.readings ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.readings, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_readings_16e0d5f5 ON public.readings;
--        …
-- from   line 1: rename readings.value -> amount
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.readings') AND tgname = 'zz_segue_sync_segue_public_readings_16e0d5f5' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_readings_amount_null_function_4f18d982() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.value := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.readings', 'zz_segue_null_segue_public_readings_amount_null_19541f3a');
CREATE TRIGGER zz_segue_null_segue_public_readings_amount_null_19541f3a BEFORE UPDATE OF amount ON public.readings
  FOR EACH ROW WHEN (NEW.amount IS NULL AND OLD.amount IS NULL AND NEW.value IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.value), ROW(NEW.value)))
  EXECUTE FUNCTION segue.segue_public_readings_amount_null_function_4f18d982();
ALTER TABLE public.readings ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_readings_amount_null_19541f3a;
ALTER TABLE public.readings_1 ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_readings_amount_null_19541f3a;
ALTER TABLE public.readings_2 ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_readings_amount_null_19541f3a;
ALTER TABLE public.readings_3 ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_readings_amount_null_19541f3a;
CREATE OR REPLACE FUNCTION segue.segue_public_readings_sync_2a7ff928() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- value and amount say the same; where both changed, the new one wins
  IF (NEW.value OPERATOR(pg_catalog.=) NEW.amount
      OR (NEW.value IS NULL AND NEW.amount IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.amount IS NOT NULL THEN
        NEW.value := NEW.amount;
      ELSE
        NEW.amount := NEW.value;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.amount), ROW(NEW.amount)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.value), ROW(NEW.value)) THEN
        PERFORM segue.note_disagreement('input', 'public.readings', 'value, amount');
      END IF;
      NEW.value := NEW.amount;
    ELSE
      NEW.amount := NEW.value;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.readings', 'zz_segue_sync_segue_public_readings_16e0d5f5');
CREATE TRIGGER zz_segue_sync_segue_public_readings_16e0d5f5 BEFORE INSERT OR UPDATE ON public.readings
  FOR EACH ROW WHEN ((NEW.value OPERATOR(pg_catalog.=) NEW.amount
      OR (NEW.value IS NULL AND NEW.amount IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_readings_sync_2a7ff928();
ALTER TABLE public.readings ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_readings_16e0d5f5;
ALTER TABLE public.readings_1 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_readings_16e0d5f5;
ALTER TABLE public.readings_2 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_readings_16e0d5f5;
ALTER TABLE public.readings_3 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_readings_16e0d5f5;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
