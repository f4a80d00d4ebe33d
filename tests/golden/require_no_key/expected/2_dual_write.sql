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

SELECT segue.enter('input', '', 2, '68a97d9b61e85f72d02d70ff006b9f1ec554061308c21f823a3d2d40f8f815da') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.sessions ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.sessions, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_sessions_f2d1ac4d ON public.sessions;
--        DROP FUNCTION IF EXISTS segue.segue_public_sessions_sync_6c56fef0();
-- from   line 1: require sessions.sid
-- from   line 4: check sessions (hits >= 0)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.sessions') AND tgname = 'zz_segue_sync_segue_public_sessions_f2d1ac4d' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_sessions_sync_6c56fef0() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- sid is to be required
  IF NEW.sid IS NULL THEN
    NEW.sid := '';
  END IF;
  -- what breaks sessions_hits_check is mended
  IF (NEW.hits >= 0) IS FALSE THEN
    NEW.hits := 0;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.sessions', 'zz_segue_sync_segue_public_sessions_f2d1ac4d');
CREATE TRIGGER zz_segue_sync_segue_public_sessions_f2d1ac4d BEFORE INSERT OR UPDATE ON public.sessions
  FOR EACH ROW WHEN (((NEW.sid IS NULL)
    OR ((NEW.hits >= 0) IS FALSE))
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_sessions_sync_6c56fef0();
ALTER TABLE public.sessions ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_sessions_f2d1ac4d;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
