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

SELECT segue.enter('input', '', 2, '49553beb2c86eb3e3b9e44b079898d5892df1903fa415bbd5d59f22d263e7108') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.files ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.files, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_files_ab077a7f ON public.files; …
-- from   line 1: rename files.owner -> owned_by
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.files') AND tgname = 'zz_segue_sync_segue_public_files_ab077a7f' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_files_owned_by_null_function_185900ff() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.owner := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.files', 'zz_segue_null_segue_public_files_owned_by_null_7be20725');
CREATE TRIGGER zz_segue_null_segue_public_files_owned_by_null_7be20725 BEFORE UPDATE OF owned_by ON public.files
  FOR EACH ROW WHEN (NEW.owned_by IS NULL AND OLD.owned_by IS NULL AND NEW.owner IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.owner), ROW(NEW.owner)))
  EXECUTE FUNCTION segue.segue_public_files_owned_by_null_function_185900ff();
ALTER TABLE public.files ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_files_owned_by_null_7be20725;
CREATE OR REPLACE FUNCTION segue.segue_public_files_sync_dd7ba282() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- owner and owned_by say the same; where both changed, the new one wins
  IF (NEW.owner OPERATOR(pg_catalog.=) NEW.owned_by
      OR (NEW.owner IS NULL AND NEW.owned_by IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.owned_by IS NOT NULL THEN
        NEW.owner := NEW.owned_by;
      ELSE
        NEW.owned_by := NEW.owner;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.owned_by), ROW(NEW.owned_by)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.owner), ROW(NEW.owner)) THEN
        PERFORM segue.note_disagreement('input', 'public.files', 'owner, owned_by');
      END IF;
      NEW.owner := NEW.owned_by;
    ELSE
      NEW.owned_by := NEW.owner;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.files', 'zz_segue_sync_segue_public_files_ab077a7f');
CREATE TRIGGER zz_segue_sync_segue_public_files_ab077a7f BEFORE INSERT OR UPDATE ON public.files
  FOR EACH ROW WHEN ((NEW.owner OPERATOR(pg_catalog.=) NEW.owned_by
      OR (NEW.owner IS NULL AND NEW.owned_by IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_files_sync_dd7ba282();
ALTER TABLE public.files ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_files_ab077a7f;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
