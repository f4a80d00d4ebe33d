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

SELECT segue.enter('input', '', 2, 'a43c791b49df9c7c282400c0fd85ac3fdb5535e116b09d470b483147ea167363') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.staff ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.staff, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_staff_e07af44e ON public.staff; …
-- from   line 1: rename staff.name -> full_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.staff') AND tgname = 'zz_segue_sync_segue_public_staff_e07af44e' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_staff_full_name_null_function_7acb95c2() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.name := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.staff', 'zz_segue_null_segue_public_staff_full_name_null_130168fa');
CREATE TRIGGER zz_segue_null_segue_public_staff_full_name_null_130168fa BEFORE UPDATE OF full_name ON public.staff
  FOR EACH ROW WHEN (NEW.full_name IS NULL AND OLD.full_name IS NULL AND NEW.name IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.name), ROW(NEW.name)))
  EXECUTE FUNCTION segue.segue_public_staff_full_name_null_function_7acb95c2();
ALTER TABLE public.staff ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_staff_full_name_null_130168fa;
CREATE OR REPLACE FUNCTION segue.segue_public_staff_sync_f8051501() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- name and full_name say the same; where both changed, the new one wins
  IF (NEW.name OPERATOR(pg_catalog.=) NEW.full_name
      OR (NEW.name IS NULL AND NEW.full_name IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.full_name IS NOT NULL THEN
        NEW.name := NEW.full_name;
      ELSE
        NEW.full_name := NEW.name;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.full_name), ROW(NEW.full_name)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.name), ROW(NEW.name)) THEN
        PERFORM segue.note_disagreement('input', 'public.staff', 'name, full_name');
      END IF;
      NEW.name := NEW.full_name;
    ELSE
      NEW.full_name := NEW.name;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.staff', 'zz_segue_sync_segue_public_staff_e07af44e');
CREATE TRIGGER zz_segue_sync_segue_public_staff_e07af44e BEFORE INSERT OR UPDATE ON public.staff
  FOR EACH ROW WHEN ((NEW.name OPERATOR(pg_catalog.=) NEW.full_name
      OR (NEW.name IS NULL AND NEW.full_name IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_staff_sync_f8051501();
ALTER TABLE public.staff ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_staff_e07af44e;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
