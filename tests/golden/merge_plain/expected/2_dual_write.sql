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

SELECT segue.enter('input', '', 2, '007eaf866d7f8a4136c53ad83c20868d3f413fb4ffd1be6cbb9a1ecf42c92a5e') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.users ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_users_8b73d7d0 ON public.users; …
-- from   line 1: merge users(first_name, last_name) -> full_name text = (concat_ws(' ', first_name,
--        last_name))
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.users') AND tgname = 'zz_segue_sync_segue_public_users_8b73d7d0' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_users_full_name_null_function_d0e32b3c() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  PERFORM pg_catalog.set_config('segue.segue_public_users_full_name_null_05c0174a', OLD::text, true);
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.users', 'zz_segue_null_segue_public_users_full_name_null_b8ffb5dc');
CREATE TRIGGER zz_segue_null_segue_public_users_full_name_null_b8ffb5dc BEFORE UPDATE OF full_name ON public.users
  FOR EACH ROW WHEN (NEW.full_name IS NULL AND OLD.full_name IS NULL AND (OLD.first_name IS NOT NULL OR OLD.last_name IS NOT NULL)
    AND NOT pg_catalog.record_image_ne(ROW(OLD.first_name, OLD.last_name), ROW(NEW.first_name, NEW.last_name)))
  EXECUTE FUNCTION segue.segue_public_users_full_name_null_function_d0e32b3c();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_users_full_name_null_b8ffb5dc;
CREATE OR REPLACE FUNCTION segue.segue_public_users_sync_e5577a8b() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- (first_name, last_name) and full_name say the same; where both changed, the new side wins
  IF (pg_catalog.record_image_ne(ROW(NEW.full_name), ROW(CAST((concat_ws(' ', NEW.first_name, NEW.last_name)) AS text)))
    AND (pg_catalog.record_image_ne(ROW(NEW.first_name, NEW.last_name), ROW(CAST((split_part(NEW.full_name, ' ', 1)) AS text), CAST((split_part(NEW.full_name, ' ', 2)) AS text)))
      OR (NEW.full_name IS NULL AND CAST((concat_ws(' ', NEW.first_name, NEW.last_name)) AS text) IS NOT NULL)))
    OR NEW.first_name IS NULL THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.full_name IS NULL THEN
        NEW.full_name := CAST((concat_ws(' ', NEW.first_name, NEW.last_name)) AS text);
      ELSE
        SELECT (split_part(NEW.full_name, ' ', 1)), (split_part(NEW.full_name, ' ', 2)) INTO NEW.first_name, NEW.last_name;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.full_name), ROW(NEW.full_name))
      OR (OLD.full_name IS NULL AND NOT pg_catalog.record_image_ne(ROW(OLD.first_name, OLD.last_name), ROW(NEW.first_name, NEW.last_name))
        AND (pg_catalog.current_setting('segue.segue_public_users_full_name_null_05c0174a', true) IS NOT DISTINCT FROM OLD::text)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.first_name, OLD.last_name), ROW(NEW.first_name, NEW.last_name)) THEN
        PERFORM segue.note_disagreement('input', 'public.users', 'full_name, first_name, last_name');
      END IF;
      -- a row that is not filled yet: what this write leaves out comes from the old side
      IF OLD.full_name IS NULL THEN
        IF NEW.full_name IS NULL AND pg_catalog.current_setting('segue.segue_public_users_full_name_null_05c0174a', true) IS DISTINCT FROM OLD::text THEN
          NEW.full_name := CAST((concat_ws(' ', OLD.first_name, OLD.last_name)) AS text);
        END IF;
      END IF;
      SELECT (split_part(NEW.full_name, ' ', 1)), (split_part(NEW.full_name, ' ', 2)) INTO NEW.first_name, NEW.last_name;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.first_name, OLD.last_name), ROW(NEW.first_name, NEW.last_name))
      OR (NEW.full_name IS NULL) THEN
      NEW.full_name := CAST((concat_ws(' ', NEW.first_name, NEW.last_name)) AS text);
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.users', 'zz_segue_sync_segue_public_users_8b73d7d0');
CREATE TRIGGER zz_segue_sync_segue_public_users_8b73d7d0 BEFORE INSERT OR UPDATE ON public.users
  FOR EACH ROW WHEN ((pg_catalog.record_image_ne(ROW(NEW.full_name), ROW(CAST((concat_ws(' ', NEW.first_name, NEW.last_name)) AS text)))
    AND (pg_catalog.record_image_ne(ROW(NEW.first_name, NEW.last_name), ROW(CAST((split_part(NEW.full_name, ' ', 1)) AS text), CAST((split_part(NEW.full_name, ' ', 2)) AS text)))
      OR (NEW.full_name IS NULL AND CAST((concat_ws(' ', NEW.first_name, NEW.last_name)) AS text) IS NOT NULL)))
    OR NEW.first_name IS NULL)
  EXECUTE FUNCTION segue.segue_public_users_sync_e5577a8b();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_users_8b73d7d0;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
