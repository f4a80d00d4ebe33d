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

SELECT segue.enter('input', '', 2, '7d571fe15bddb6d4312715e1972c813bd6c10d52fb2fa7b555098084ccca6cd8') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.rooms ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.rooms, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_rooms_0d2c40f0 ON public.rooms; …
-- from   line 1: rename rooms.size -> area
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.rooms') AND tgname = 'zz_segue_sync_segue_public_rooms_0d2c40f0' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_rooms_area_null_function_6b6815dc() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.size := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.rooms', 'zz_segue_null_segue_public_rooms_area_null_fdf8d9fc');
CREATE TRIGGER zz_segue_null_segue_public_rooms_area_null_fdf8d9fc BEFORE UPDATE OF area ON public.rooms
  FOR EACH ROW WHEN (NEW.area IS NULL AND OLD.area IS NULL AND NEW.size IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.size), ROW(NEW.size)))
  EXECUTE FUNCTION segue.segue_public_rooms_area_null_function_6b6815dc();
ALTER TABLE public.rooms ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_rooms_area_null_fdf8d9fc;
CREATE OR REPLACE FUNCTION segue.segue_public_rooms_sync_fea9e72b() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- size and area say the same; where both changed, the new one wins
  IF (NEW.size OPERATOR(pg_catalog.=) NEW.area
      OR (NEW.size IS NULL AND NEW.area IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.area IS NOT NULL THEN
        NEW.size := NEW.area;
      ELSE
        NEW.area := NEW.size;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.area), ROW(NEW.area)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.size), ROW(NEW.size)) THEN
        PERFORM segue.note_disagreement('input', 'public.rooms', 'size, area');
      END IF;
      NEW.size := NEW.area;
    ELSE
      NEW.area := NEW.size;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.rooms', 'zz_segue_sync_segue_public_rooms_0d2c40f0');
CREATE TRIGGER zz_segue_sync_segue_public_rooms_0d2c40f0 BEFORE INSERT OR UPDATE ON public.rooms
  FOR EACH ROW WHEN ((NEW.size OPERATOR(pg_catalog.=) NEW.area
      OR (NEW.size IS NULL AND NEW.area IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_rooms_sync_fea9e72b();
ALTER TABLE public.rooms ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_rooms_0d2c40f0;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
