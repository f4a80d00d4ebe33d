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

SELECT segue.enter('input', '', 2, '1f9dcac7e4a66c428dc49c50d2240d5d77e1fbb8b45bc08a7b6f57d9cecb30c1') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Say how public.people.mood becomes public.mood ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_people_mood_map_48b7ed06(text); DROP FUNCTION
--        IF EXISTS segue.segue_public_people_mood_fails_b0acec05(text);
-- from   line 1: retype people.mood -> mood
SELECT pg_catalog.to_regprocedure('segue.segue_public_people_mood_map_48b7ed06(text)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_people_mood_fails_b0acec05(text)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_people_mood_map_48b7ed06(text) RETURNS public.mood
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "mood" CONSTANT text := $1;
  segue_new public.mood;
BEGIN
  segue_new := (segue_row.mood::mood);
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_people_mood_map_48b7ed06(text) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_people_mood_fails_b0acec05(text) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "mood" CONSTANT text := $1;
  segue_new public.mood;
BEGIN
  segue_new := (segue_row.mood::mood);
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_people_mood_fails_b0acec05(text) TO PUBLIC;
COMMIT;
\endif

-- ── 2.2  Say how public.people.wish becomes public.mood ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_people_wish_map_042958f6(text); DROP FUNCTION
--        IF EXISTS segue.segue_public_people_wish_fails_f35a7535(text);
-- from   line 4: retype people.wish -> mood
SELECT pg_catalog.to_regprocedure('segue.segue_public_people_wish_map_042958f6(text)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_people_wish_fails_f35a7535(text)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_people_wish_map_042958f6(text) RETURNS public.mood
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "wish" CONSTANT text := $1;
  segue_new public.mood;
BEGIN
  segue_new := (nullif(segue_row.wish, '')::mood);
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_people_wish_map_042958f6(text) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_people_wish_fails_f35a7535(text) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "wish" CONSTANT text := $1;
  segue_new public.mood;
BEGIN
  segue_new := (nullif(segue_row.wish, '')::mood);
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_people_wish_fails_f35a7535(text) TO PUBLIC;
COMMIT;
\endif

-- ── 2.3  Dual-write on public.people ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_people_6ab9eb43 ON public.people; DROP
--        FUNCTION IF EXISTS segue.segue_public_people_sync_b88411f6();
-- from   line 1: retype people.mood -> mood
-- from   line 4: retype people.wish -> mood
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.people') AND tgname = 'zz_segue_sync_segue_public_people_6ab9eb43' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_people_sync_b88411f6() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- mood and its copy of the new type say the same
  IF pg_catalog.record_image_ne(ROW(NEW.segue_mood_as_public_mood_aa864192), ROW(segue.segue_public_people_mood_map_48b7ed06(NEW.mood))) THEN
    NEW.segue_mood_as_public_mood_aa864192 := segue.segue_public_people_mood_map_48b7ed06(NEW.mood);
  END IF;
  -- wish and its copy of the new type say the same
  IF pg_catalog.record_image_ne(ROW(NEW.segue_wish_as_public_mood_716ab3ba), ROW(segue.segue_public_people_wish_map_042958f6(NEW.wish))) THEN
    NEW.segue_wish_as_public_mood_716ab3ba := segue.segue_public_people_wish_map_042958f6(NEW.wish);
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.people', 'zz_segue_sync_segue_public_people_6ab9eb43');
CREATE TRIGGER zz_segue_sync_segue_public_people_6ab9eb43 BEFORE INSERT OR UPDATE ON public.people
  FOR EACH ROW WHEN ((pg_catalog.record_image_ne(ROW(NEW.segue_mood_as_public_mood_aa864192), ROW(segue.segue_public_people_mood_map_48b7ed06(NEW.mood))))
    OR (pg_catalog.record_image_ne(ROW(NEW.segue_wish_as_public_mood_716ab3ba), ROW(segue.segue_public_people_wish_map_042958f6(NEW.wish)))))
  EXECUTE FUNCTION segue.segue_public_people_sync_b88411f6();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_people_6ab9eb43;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
