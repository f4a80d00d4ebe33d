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

SELECT segue.enter('input', '', 2, 'dfca8cd1d3ee5906ef4da5b80b6cd2fb123b96390b90697ed789577bec692143') AS segue_contracted \gset
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
-- from   line 1: rename members.nick -> nickname
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.members') AND tgname = 'zz_segue_sync_segue_public_members_d1bb7693' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_members_nickname_null_function_b7f4df44() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.nick := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.members', 'zz_segue_null_segue_public_members_nickname_null_04a71074');
CREATE TRIGGER zz_segue_null_segue_public_members_nickname_null_04a71074 BEFORE UPDATE OF nickname ON public.members
  FOR EACH ROW WHEN (NEW.nickname IS NULL AND OLD.nickname IS NULL AND NEW.nick IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.nick), ROW(NEW.nick)))
  EXECUTE FUNCTION segue.segue_public_members_nickname_null_function_b7f4df44();
ALTER TABLE public.members ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_members_nickname_null_04a71074;
CREATE OR REPLACE FUNCTION segue.segue_public_members_sync_0d273b66() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- nick and nickname say the same; where both changed, the new one wins
  IF (NEW.nick OPERATOR(pg_catalog.=) NEW.nickname
      OR (NEW.nick IS NULL AND NEW.nickname IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.nickname IS NOT NULL THEN
        NEW.nick := NEW.nickname;
      ELSE
        NEW.nickname := NEW.nick;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.nickname), ROW(NEW.nickname)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.nick), ROW(NEW.nick)) THEN
        PERFORM segue.note_disagreement('input', 'public.members', 'nick, nickname');
      END IF;
      NEW.nick := NEW.nickname;
    ELSE
      NEW.nickname := NEW.nick;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.members', 'zz_segue_sync_segue_public_members_d1bb7693');
CREATE TRIGGER zz_segue_sync_segue_public_members_d1bb7693 BEFORE INSERT OR UPDATE ON public.members
  FOR EACH ROW WHEN ((NEW.nick OPERATOR(pg_catalog.=) NEW.nickname
      OR (NEW.nick IS NULL AND NEW.nickname IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_members_sync_0d273b66();
ALTER TABLE public.members ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_members_d1bb7693;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
