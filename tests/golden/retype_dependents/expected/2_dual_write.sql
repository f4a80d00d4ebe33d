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

SELECT segue.enter('input', '', 2, '938492237f89755759b514c44ba2d33e37d88befe1ed21f623a0fa8d01693480') AS segue_contracted \gset
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
-- from   line 1: retype users.login -> text
-- from   line 2: retype users.country -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.users') AND tgname = 'zz_segue_sync_segue_public_users_8b73d7d0' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_users_sync_e5577a8b() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- login and its copy of the new type say the same
  IF (NEW.segue_login_as_text_c6c27dc7 OPERATOR(pg_catalog.=) NEW.login::text
      OR (NEW.segue_login_as_text_c6c27dc7 IS NULL AND NEW.login::text IS NULL)) IS NOT TRUE THEN
    NEW.segue_login_as_text_c6c27dc7 := NEW.login::text;
  END IF;
  -- country and its copy of the new type say the same
  IF (NEW.segue_country_as_text_de48c6ac OPERATOR(pg_catalog.=) NEW.country::text
      OR (NEW.segue_country_as_text_de48c6ac IS NULL AND NEW.country::text IS NULL)) IS NOT TRUE THEN
    NEW.segue_country_as_text_de48c6ac := NEW.country::text;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.users', 'zz_segue_sync_segue_public_users_8b73d7d0');
CREATE TRIGGER zz_segue_sync_segue_public_users_8b73d7d0 BEFORE INSERT OR UPDATE ON public.users
  FOR EACH ROW WHEN (((NEW.segue_login_as_text_c6c27dc7 OPERATOR(pg_catalog.=) NEW.login::text
      OR (NEW.segue_login_as_text_c6c27dc7 IS NULL AND NEW.login::text IS NULL)) IS NOT TRUE)
    OR ((NEW.segue_country_as_text_de48c6ac OPERATOR(pg_catalog.=) NEW.country::text
      OR (NEW.segue_country_as_text_de48c6ac IS NULL AND NEW.country::text IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_users_sync_e5577a8b();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_users_8b73d7d0;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
