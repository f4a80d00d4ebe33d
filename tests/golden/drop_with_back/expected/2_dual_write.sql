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

SELECT segue.enter('input', '', 2, '2fb099e116e6e8a78f6c5a00387b3aed3bd7ed87ee9c97ce34f9a1b9cbcc1d1f') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.users ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_users_8b73d7d0 ON public.users; DROP
--        FUNCTION IF EXISTS segue.segue_public_users_sync_e5577a8b();
-- from   line 1: drop users.legacy_code
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.users') AND tgname = 'zz_segue_sync_segue_public_users_8b73d7d0' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_users_sync_e5577a8b() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- the new release does not write legacy_code; the old one still reads it
  IF TG_OP = 'INSERT' AND NEW.legacy_code IS NULL THEN
    NEW.legacy_code := ('new-' || NEW.id::text);
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.users', 'zz_segue_sync_segue_public_users_8b73d7d0');
CREATE TRIGGER zz_segue_sync_segue_public_users_8b73d7d0 BEFORE INSERT OR UPDATE ON public.users
  FOR EACH ROW WHEN (NEW.legacy_code IS NULL)
  EXECUTE FUNCTION segue.segue_public_users_sync_e5577a8b();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_users_8b73d7d0;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
