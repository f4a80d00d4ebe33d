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

SELECT segue.enter('input', '', 2, '480f56ce1e168dc9c5fb62c90073ef1ac9663c751aeda270acda592e3a365f71') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.members ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.members, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_members_d1bb7693 ON public.members; …
-- from   line 1: rename members.since -> joined_on
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.members') AND tgname = 'zz_segue_sync_segue_public_members_d1bb7693' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_members_joined_on_null_function_5fe5475d() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.since := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.members', 'zz_segue_null_segue_public_members_joined_on_null_eba46b83');
CREATE TRIGGER zz_segue_null_segue_public_members_joined_on_null_eba46b83 BEFORE UPDATE OF joined_on ON public.members
  FOR EACH ROW WHEN (NEW.joined_on IS NULL AND OLD.joined_on IS NULL AND NEW.since IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.since), ROW(NEW.since)))
  EXECUTE FUNCTION segue.segue_public_members_joined_on_null_function_5fe5475d();
ALTER TABLE public.members ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_members_joined_on_null_eba46b83;
CREATE OR REPLACE FUNCTION segue.segue_public_members_sync_0d273b66() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- since and joined_on say the same; where both changed, the new one wins
  IF (NEW.since OPERATOR(pg_catalog.=) NEW.joined_on
      OR (NEW.since IS NULL AND NEW.joined_on IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.joined_on IS NOT NULL THEN
        NEW.since := NEW.joined_on;
      ELSE
        NEW.joined_on := NEW.since;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.joined_on), ROW(NEW.joined_on)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.since), ROW(NEW.since)) THEN
        PERFORM segue.note_disagreement('input', 'public.members', 'since, joined_on');
      END IF;
      NEW.since := NEW.joined_on;
    ELSE
      NEW.joined_on := NEW.since;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.members', 'zz_segue_sync_segue_public_members_d1bb7693');
CREATE TRIGGER zz_segue_sync_segue_public_members_d1bb7693 BEFORE INSERT OR UPDATE ON public.members
  FOR EACH ROW WHEN ((NEW.since OPERATOR(pg_catalog.=) NEW.joined_on
      OR (NEW.since IS NULL AND NEW.joined_on IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_members_sync_0d273b66();
ALTER TABLE public.members ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_members_d1bb7693;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
