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

SELECT segue.enter('input', '', 2, 'b946d21f308df4c7be4b4afa06471c527b4c7ff9189e304ab897a9aa019edb44') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.people ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_people_6ab9eb43 ON public.people; DROP
--        FUNCTION IF EXISTS segue.segue_public_people_sync_b88411f6();
-- from   line 14: reference people(boss_id) -> people on delete set null
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.people') AND tgname = 'zz_segue_sync_segue_public_people_6ab9eb43' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_people_sync_b88411f6() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- a row that finds nothing under people_boss_id_fkey is mended
  IF NEW.boss_id IS NOT NULL THEN
    IF (NEW.id = NEW.boss_id) IS NOT TRUE AND NOT EXISTS (SELECT FROM public.people AS segue_target WHERE segue_target.id = NEW.boss_id) THEN
      NEW.boss_id := null;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_people_sync_b88411f6() FROM PUBLIC;
CALL segue.clear_trigger('public.people', 'zz_segue_sync_segue_public_people_6ab9eb43');
CREATE TRIGGER zz_segue_sync_segue_public_people_6ab9eb43 BEFORE INSERT OR UPDATE ON public.people
  FOR EACH ROW WHEN ((NEW.boss_id IS NOT NULL)
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_people_sync_b88411f6();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_people_6ab9eb43;
COMMIT;
\endif

-- ── 2.2  Dual-write on public.visits ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_visits_311368a8 ON public.visits; DROP
--        FUNCTION IF EXISTS segue.segue_public_visits_sync_2a1ffef3();
-- from   line 11: check visits (fee >= 0)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.visits') AND tgname = 'zz_segue_sync_segue_public_visits_311368a8' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_visits_sync_2a1ffef3() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- what breaks visits_fee_check is mended
  IF (NEW.fee >= 0) IS FALSE THEN
    NEW.fee := 0;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.visits', 'zz_segue_sync_segue_public_visits_311368a8');
CREATE TRIGGER zz_segue_sync_segue_public_visits_311368a8 BEFORE INSERT OR UPDATE ON public.visits
  FOR EACH ROW WHEN (((NEW.fee >= 0) IS FALSE)
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_visits_sync_2a1ffef3();
ALTER TABLE public.visits ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_visits_311368a8;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
