-- display_name · phase 2 of 4: dual-write
-- Show the name that people choose, and ask for a phone number
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

SELECT segue.enter('display_name', 'Show the name that people choose, and ask for a phone number', 2, 'dd8823201c8255e5373110f695af7f63e244e968724e5d2257891c18351d179e') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.users ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_users_d4f26e8a ON public.users; …
-- from   line 6: rename users.full_name -> display_name
-- from   line 8: add users.phone varchar(20) required
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.users') AND tgname = 'zz_segue_sync_segue_public_users_d4f26e8a' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_users_display_name_null_function_82e4e75b() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.full_name := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.users', 'zz_segue_null_segue_public_users_display_name_null_9092af59');
CREATE TRIGGER zz_segue_null_segue_public_users_display_name_null_9092af59 BEFORE UPDATE OF display_name ON public.users
  FOR EACH ROW WHEN (NEW.display_name IS NULL AND OLD.display_name IS NULL AND NEW.full_name IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.full_name), ROW(NEW.full_name)))
  EXECUTE FUNCTION segue.segue_public_users_display_name_null_function_82e4e75b();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_users_display_name_null_9092af59;
CREATE OR REPLACE FUNCTION segue.segue_public_users_sync_7b90e0bd() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- full_name and display_name say the same; where both changed, the new one wins
  IF (NEW.full_name OPERATOR(pg_catalog.=) NEW.display_name
      OR (NEW.full_name IS NULL AND NEW.display_name IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.display_name IS NOT NULL THEN
        NEW.full_name := NEW.display_name;
      ELSE
        NEW.display_name := NEW.full_name;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.display_name), ROW(NEW.display_name)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.full_name), ROW(NEW.full_name)) THEN
        PERFORM segue.note_disagreement('display_name', 'public.users', 'full_name, display_name');
      END IF;
      NEW.full_name := NEW.display_name;
    ELSE
      NEW.display_name := NEW.full_name;
    END IF;
  END IF;
  -- the old release does not know phone
  IF NEW.phone IS NULL THEN
    NEW.phone := 'unknown';
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.users', 'zz_segue_sync_segue_public_users_d4f26e8a');
CREATE TRIGGER zz_segue_sync_segue_public_users_d4f26e8a BEFORE INSERT OR UPDATE ON public.users
  FOR EACH ROW WHEN (((NEW.full_name OPERATOR(pg_catalog.=) NEW.display_name
      OR (NEW.full_name IS NULL AND NEW.display_name IS NULL)) IS NOT TRUE)
    OR (NEW.phone IS NULL))
  EXECUTE FUNCTION segue.segue_public_users_sync_7b90e0bd();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_users_d4f26e8a;
COMMIT;
\endif

SELECT segue.leave('display_name', 2) AS "phase complete";
