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

SELECT segue.enter('input', '', 2, '1abc34e9cc09807b49f86c8cf7d4627ab7827037f71637b2a34f88de671c2a25') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.pages ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.pages, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zzzz_segue_sync_segue_public_pages_8cc807a8 ON public.pages; …
-- from   line 1: rename pages.title -> heading
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.pages') AND tgname = 'zzzz_segue_sync_segue_public_pages_8cc807a8' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_pages_heading_null_function_15d58253() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.title := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.pages', 'zzzz_segue_null_segue_public_pages_heading_null_40edb061');
CREATE TRIGGER zzzz_segue_null_segue_public_pages_heading_null_40edb061 BEFORE UPDATE OF heading ON public.pages
  FOR EACH ROW WHEN (NEW.heading IS NULL AND OLD.heading IS NULL AND NEW.title IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.title), ROW(NEW.title)))
  EXECUTE FUNCTION segue.segue_public_pages_heading_null_function_15d58253();
ALTER TABLE public.pages ENABLE ALWAYS TRIGGER zzzz_segue_null_segue_public_pages_heading_null_40edb061;
CREATE OR REPLACE FUNCTION segue.segue_public_pages_sync_d5ce1bf3() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- title and heading say the same; where both changed, the new one wins
  IF (NEW.title OPERATOR(pg_catalog.=) NEW.heading
      OR (NEW.title IS NULL AND NEW.heading IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.heading IS NOT NULL THEN
        NEW.title := NEW.heading;
      ELSE
        NEW.heading := NEW.title;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.heading), ROW(NEW.heading)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.title), ROW(NEW.title)) THEN
        PERFORM segue.note_disagreement('input', 'public.pages', 'title, heading');
      END IF;
      NEW.title := NEW.heading;
    ELSE
      NEW.heading := NEW.title;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.pages', 'zzzz_segue_sync_segue_public_pages_8cc807a8');
CREATE TRIGGER zzzz_segue_sync_segue_public_pages_8cc807a8 BEFORE INSERT OR UPDATE ON public.pages
  FOR EACH ROW WHEN ((NEW.title OPERATOR(pg_catalog.=) NEW.heading
      OR (NEW.title IS NULL AND NEW.heading IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_pages_sync_d5ce1bf3();
ALTER TABLE public.pages ENABLE ALWAYS TRIGGER zzzz_segue_sync_segue_public_pages_8cc807a8;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
