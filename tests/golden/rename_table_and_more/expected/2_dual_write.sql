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

SELECT segue.enter('input', '', 2, '1e2c37d8dd94522a82c98e3c81348b1debb04284ccdc88bdccb97b2e000c3a73') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.people ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_people_6ab9eb43 ON public.people; …
-- from   line 5: rename people.full_name -> display_name
-- from   line 10: retype people.code -> bigint
-- from   line 8: add people.phone varchar(20) required
-- from   line 3: require people.locale
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.people') AND tgname = 'zz_segue_sync_segue_public_people_6ab9eb43' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_people_display_name_null_function_9e471bb0() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.full_name := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.people', 'zz_segue_null_segue_public_people_display_name_null_db8214b8');
CREATE TRIGGER zz_segue_null_segue_public_people_display_name_null_db8214b8 BEFORE UPDATE OF display_name ON public.people
  FOR EACH ROW WHEN (NEW.display_name IS NULL AND OLD.display_name IS NULL AND NEW.full_name IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.full_name), ROW(NEW.full_name)))
  EXECUTE FUNCTION segue.segue_public_people_display_name_null_function_9e471bb0();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_people_display_name_null_db8214b8;
CREATE OR REPLACE FUNCTION segue.segue_public_people_sync_b88411f6() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- full_name and display_name say the same; where both changed, the new one wins
  IF (NEW.full_name OPERATOR(pg_catalog.=) NEW.display_name
      OR (NEW.full_name IS NULL AND NEW.display_name IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.display_name IS NOT NULL THEN
        NEW.full_name := NEW.display_name;
      ELSE
        NEW.display_name := NEW.full_name;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.display_name), ROW(NEW.display_name)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.full_name), ROW(NEW.full_name)) THEN
        PERFORM segue.note_disagreement('input', 'public.people', 'full_name, display_name');
      END IF;
      NEW.full_name := NEW.display_name;
    ELSE
      NEW.display_name := NEW.full_name;
    END IF;
  END IF;
  -- code and its copy of the new type say the same
  IF (NEW.segue_code_as_bigint_079491d1 OPERATOR(pg_catalog.=) NEW.code::bigint
      OR (NEW.segue_code_as_bigint_079491d1 IS NULL AND NEW.code::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_code_as_bigint_079491d1 := NEW.code::bigint;
  END IF;
  -- the old release does not know phone
  IF NEW.phone IS NULL THEN
    NEW.phone := 'unknown';
  END IF;
  -- locale is to be required
  IF NEW.locale IS NULL THEN
    NEW.locale := 'en';
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.people', 'zz_segue_sync_segue_public_people_6ab9eb43');
CREATE TRIGGER zz_segue_sync_segue_public_people_6ab9eb43 BEFORE INSERT OR UPDATE ON public.people
  FOR EACH ROW WHEN ((((NEW.full_name OPERATOR(pg_catalog.=) NEW.display_name
      OR (NEW.full_name IS NULL AND NEW.display_name IS NULL)) IS NOT TRUE)
    OR ((NEW.segue_code_as_bigint_079491d1 OPERATOR(pg_catalog.=) NEW.code::bigint
      OR (NEW.segue_code_as_bigint_079491d1 IS NULL AND NEW.code::bigint IS NULL)) IS NOT TRUE)
    OR (NEW.phone IS NULL)
    OR (NEW.locale IS NULL))
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_people_sync_b88411f6();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_people_6ab9eb43;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
