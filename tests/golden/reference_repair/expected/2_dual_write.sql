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

SELECT segue.enter('input', '', 2, '43d06e24378a0dcd8946883e29e84a716e79779dbf448fd0a7ffff563816488f') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.books ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.books, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_books_c891ddc2 ON public.books; DROP
--        FUNCTION IF EXISTS segue.segue_public_books_sync_f4577845();
-- from   line 1: reference books(author) -> authors(id) on delete set null
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.books') AND tgname = 'zz_segue_sync_segue_public_books_c891ddc2' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_books_sync_f4577845() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- a row that finds nothing under books_author_fkey is mended
  IF NEW.author IS NOT NULL THEN
    IF NOT EXISTS (SELECT FROM public.authors AS segue_target WHERE segue_target.id = NEW.author) THEN
      NEW.author := null;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_books_sync_f4577845() FROM PUBLIC;
CALL segue.clear_trigger('public.books', 'zz_segue_sync_segue_public_books_c891ddc2');
CREATE TRIGGER zz_segue_sync_segue_public_books_c891ddc2 BEFORE INSERT OR UPDATE ON public.books
  FOR EACH ROW WHEN ((NEW.author IS NOT NULL)
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_books_sync_f4577845();
ALTER TABLE public.books ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_books_c891ddc2;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
