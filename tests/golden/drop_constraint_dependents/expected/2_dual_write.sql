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

SELECT segue.enter('input', '', 2, 'bb3d14c21b254be3309b3a6a96a88637854b855186decb2a6f085b0494f3f7a1') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.teams ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.teams, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_teams_fdbd3d7e ON public.teams; …
-- from   line 5: rename teams.title -> name
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.teams') AND tgname = 'zz_segue_sync_segue_public_teams_fdbd3d7e' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_teams_name_null_function_cf152da0() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.title := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.teams', 'zz_segue_null_segue_public_teams_name_null_3cdab108');
CREATE TRIGGER zz_segue_null_segue_public_teams_name_null_3cdab108 BEFORE UPDATE OF name ON public.teams
  FOR EACH ROW WHEN (NEW.name IS NULL AND OLD.name IS NULL AND NEW.title IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.title), ROW(NEW.title)))
  EXECUTE FUNCTION segue.segue_public_teams_name_null_function_cf152da0();
ALTER TABLE public.teams ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_teams_name_null_3cdab108;
CREATE OR REPLACE FUNCTION segue.segue_public_teams_sync_e10c9451() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- title and name say the same; where both changed, the new one wins
  IF (NEW.title OPERATOR(pg_catalog.=) NEW.name
      OR (NEW.title IS NULL AND NEW.name IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.name IS NOT NULL THEN
        NEW.title := NEW.name;
      ELSE
        NEW.name := NEW.title;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.name), ROW(NEW.name)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.title), ROW(NEW.title)) THEN
        PERFORM segue.note_disagreement('input', 'public.teams', 'title, name');
      END IF;
      NEW.title := NEW.name;
    ELSE
      NEW.name := NEW.title;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.teams', 'zz_segue_sync_segue_public_teams_fdbd3d7e');
CREATE TRIGGER zz_segue_sync_segue_public_teams_fdbd3d7e BEFORE INSERT OR UPDATE ON public.teams
  FOR EACH ROW WHEN ((NEW.title OPERATOR(pg_catalog.=) NEW.name
      OR (NEW.title IS NULL AND NEW.name IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_teams_sync_e10c9451();
ALTER TABLE public.teams ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_teams_fdbd3d7e;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
