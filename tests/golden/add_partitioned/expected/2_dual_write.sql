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

SELECT segue.enter('input', '', 2, 'd104efb4327bfc8e86f0f3d7c4cf4b4d8fad42a59063abb867691478517c014b') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.visits ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_visits_311368a8 ON public.visits; DROP
--        FUNCTION IF EXISTS segue.segue_public_visits_sync_2a1ffef3();
-- from   line 1: add visits.agent text required backfill 'unknown'
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.visits') AND tgname = 'zz_segue_sync_segue_public_visits_311368a8' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_visits_sync_2a1ffef3() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- the old release does not know agent
  IF NEW.agent IS NULL THEN
    NEW.agent := 'unknown';
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.visits', 'zz_segue_sync_segue_public_visits_311368a8');
CREATE TRIGGER zz_segue_sync_segue_public_visits_311368a8 BEFORE INSERT OR UPDATE ON public.visits
  FOR EACH ROW WHEN (NEW.agent IS NULL)
  EXECUTE FUNCTION segue.segue_public_visits_sync_2a1ffef3();
ALTER TABLE public.visits ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_visits_311368a8;
ALTER TABLE public.visits_1 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_visits_311368a8;
ALTER TABLE public.visits_2 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_visits_311368a8;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
