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

SELECT segue.enter('input', '', 2, '942a9d0f7695df84cdf4880c5c85ff574b86d93943779c2b16943263a3419e28') AS segue_contracted \gset
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
-- from   line 1: rename people.name -> called
-- from   line 2: rename people.details -> attributes
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.people') AND tgname = 'zz_segue_sync_segue_public_people_6ab9eb43' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_people_called_null_function_493b7fad() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.name := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.people', 'zz_segue_null_segue_public_people_called_null_36fca4f3');
CREATE TRIGGER zz_segue_null_segue_public_people_called_null_36fca4f3 BEFORE UPDATE OF called ON public.people
  FOR EACH ROW WHEN (NEW.called IS NULL AND OLD.called IS NULL AND NEW.name IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.name), ROW(NEW.name)))
  EXECUTE FUNCTION segue.segue_public_people_called_null_function_493b7fad();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_people_called_null_36fca4f3;
CREATE OR REPLACE FUNCTION segue.segue_public_people_attributes_null_function_821d00c1() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.details := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.people', 'zz_segue_null_segue_public_people_attributes_null_617e252f');
CREATE TRIGGER zz_segue_null_segue_public_people_attributes_null_617e252f BEFORE UPDATE OF attributes ON public.people
  FOR EACH ROW WHEN (NEW.attributes IS NULL AND OLD.attributes IS NULL AND NEW.details IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.details), ROW(NEW.details)))
  EXECUTE FUNCTION segue.segue_public_people_attributes_null_function_821d00c1();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_people_attributes_null_617e252f;
CREATE OR REPLACE FUNCTION segue.segue_public_people_sync_b88411f6() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- name and called say the same; where both changed, the new one wins
  IF (NEW.name OPERATOR(pg_catalog.=) NEW.called
      OR (NEW.name IS NULL AND NEW.called IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.called IS NOT NULL THEN
        NEW.name := NEW.called;
      ELSE
        NEW.called := NEW.name;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.called), ROW(NEW.called)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.name), ROW(NEW.name)) THEN
        PERFORM segue.note_disagreement('input', 'public.people', 'name, called');
      END IF;
      NEW.name := NEW.called;
    ELSE
      NEW.called := NEW.name;
    END IF;
  END IF;
  -- details and attributes say the same; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.details), ROW(NEW.attributes)) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.attributes IS NOT NULL THEN
        NEW.details := NEW.attributes;
      ELSE
        NEW.attributes := NEW.details;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.attributes), ROW(NEW.attributes)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.details), ROW(NEW.details)) THEN
        PERFORM segue.note_disagreement('input', 'public.people', 'details, attributes');
      END IF;
      NEW.details := NEW.attributes;
    ELSE
      NEW.attributes := NEW.details;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.people', 'zz_segue_sync_segue_public_people_6ab9eb43');
CREATE TRIGGER zz_segue_sync_segue_public_people_6ab9eb43 BEFORE INSERT OR UPDATE ON public.people
  FOR EACH ROW WHEN (((NEW.name OPERATOR(pg_catalog.=) NEW.called
      OR (NEW.name IS NULL AND NEW.called IS NULL)) IS NOT TRUE)
    OR (pg_catalog.record_image_ne(ROW(NEW.details), ROW(NEW.attributes))))
  EXECUTE FUNCTION segue.segue_public_people_sync_b88411f6();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_people_6ab9eb43;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
