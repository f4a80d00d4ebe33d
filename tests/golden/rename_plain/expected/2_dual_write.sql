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

SELECT segue.enter('input', '', 2, '35336092a5d9ca4deae44d51189ca7583d58b4bb28c004c946ac4987b9304224') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.notes ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.notes, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_notes_c272619d ON public.notes; …
-- from   line 1: rename notes.body -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.notes') AND tgname = 'zz_segue_sync_segue_public_notes_c272619d' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_notes_text_null_function_40855271() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.body := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.notes', 'zz_segue_null_segue_public_notes_text_null_a435a1bf');
CREATE TRIGGER zz_segue_null_segue_public_notes_text_null_a435a1bf BEFORE UPDATE OF text ON public.notes
  FOR EACH ROW WHEN (NEW.text IS NULL AND OLD.text IS NULL AND NEW.body IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.body), ROW(NEW.body)))
  EXECUTE FUNCTION segue.segue_public_notes_text_null_function_40855271();
ALTER TABLE public.notes ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_notes_text_null_a435a1bf;
CREATE OR REPLACE FUNCTION segue.segue_public_notes_sync_e1160860() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- body and text say the same; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.body), ROW(NEW.text)) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.text IS NOT NULL THEN
        NEW.body := NEW.text;
      ELSE
        NEW.text := NEW.body;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.text), ROW(NEW.text)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.body), ROW(NEW.body)) THEN
        PERFORM segue.note_disagreement('input', 'public.notes', 'body, text');
      END IF;
      NEW.body := NEW.text;
    ELSE
      NEW.text := NEW.body;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.notes', 'zz_segue_sync_segue_public_notes_c272619d');
CREATE TRIGGER zz_segue_sync_segue_public_notes_c272619d BEFORE INSERT OR UPDATE ON public.notes
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(NEW.body), ROW(NEW.text)))
  EXECUTE FUNCTION segue.segue_public_notes_sync_e1160860();
ALTER TABLE public.notes ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_notes_c272619d;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
