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

SELECT segue.enter('input', '', 2, 'a9e0a6a45d0b5bd4719101c34b46c9015e7677e8aa90efd04ad6387e3e0f743e') AS segue_contracted \gset
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
-- from   line 2: require users.locale
-- from   line 5: check users (locale <> 'de')
-- from   line 8: check users (score <> 98) as users_not_98
-- from   line 11: check users (score <> 99) as users_not_99
-- from   line 14: reference users(score) -> scores(id)
-- from   line 17: check users (bonus >= score)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.users') AND tgname = 'zz_segue_sync_segue_public_users_8b73d7d0' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_users_sync_e5577a8b() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- locale is to be required
  IF NEW.locale IS NULL THEN
    NEW.locale := 'de';
  END IF;
  -- what breaks users_locale_check is mended
  IF (NEW.locale <> 'de') IS FALSE THEN
    NEW.locale := 'fr';
  END IF;
  -- what breaks users_not_98 is mended
  IF (NEW.score <> 98) IS FALSE THEN
    NEW.score := 99;
  END IF;
  -- what breaks users_not_99 is mended
  IF (NEW.score <> 99) IS FALSE THEN
    NEW.score := 1;
  END IF;
  -- a row that finds nothing under users_score_fkey is mended
  IF NEW.score IS NOT NULL THEN
    IF NOT EXISTS (SELECT FROM public.scores AS segue_target WHERE segue_target.id = NEW.score) THEN
      NEW.score := 2;
    END IF;
  END IF;
  -- what breaks users_check is mended
  IF (NEW.bonus >= NEW.score) IS FALSE THEN
    NEW.bonus := NEW.score;
  END IF;
  RETURN NEW;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_users_sync_e5577a8b() FROM PUBLIC;
CALL segue.clear_trigger('public.users', 'zz_segue_sync_segue_public_users_8b73d7d0');
CREATE TRIGGER zz_segue_sync_segue_public_users_8b73d7d0 BEFORE INSERT OR UPDATE ON public.users
  FOR EACH ROW WHEN (((NEW.locale IS NULL)
    OR ((NEW.locale <> 'de') IS FALSE)
    OR ((NEW.score <> 98) IS FALSE)
    OR ((NEW.score <> 99) IS FALSE)
    OR (NEW.score IS NOT NULL)
    OR ((NEW.bonus >= NEW.score) IS FALSE))
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_users_sync_e5577a8b();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_users_8b73d7d0;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
