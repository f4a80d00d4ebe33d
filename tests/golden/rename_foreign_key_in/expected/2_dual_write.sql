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

SELECT segue.enter('input', '', 2, 'b571905987d426cf51d9aeed0ed80839bd30444251aaf6fbe5af808bc6055d4a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.currencies ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.currencies, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_currencies_a51f2aab ON
--        public.currencies; …
-- from   line 1: rename currencies.code -> iso_code
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.currencies') AND tgname = 'zz_segue_sync_segue_public_currencies_a51f2aab' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_currencies_iso_code_null_function_713979ef() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.code := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.currencies', 'zz_segue_null_segue_public_currencies_iso_code_null_bdb25675');
CREATE TRIGGER zz_segue_null_segue_public_currencies_iso_code_null_bdb25675 BEFORE UPDATE OF iso_code ON public.currencies
  FOR EACH ROW WHEN (NEW.iso_code IS NULL AND OLD.iso_code IS NULL AND NEW.code IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.code), ROW(NEW.code)))
  EXECUTE FUNCTION segue.segue_public_currencies_iso_code_null_function_713979ef();
ALTER TABLE public.currencies ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_currencies_iso_code_null_bdb25675;
CREATE OR REPLACE FUNCTION segue.segue_public_currencies_sync_951ba3ae() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- code and iso_code say the same; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.code), ROW(NEW.iso_code)) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.iso_code IS NOT NULL THEN
        NEW.code := NEW.iso_code;
      ELSE
        NEW.iso_code := NEW.code;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.iso_code), ROW(NEW.iso_code)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.code), ROW(NEW.code)) THEN
        PERFORM segue.note_disagreement('input', 'public.currencies', 'code, iso_code');
      END IF;
      NEW.code := NEW.iso_code;
    ELSE
      NEW.iso_code := NEW.code;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.currencies', 'zz_segue_sync_segue_public_currencies_a51f2aab');
CREATE TRIGGER zz_segue_sync_segue_public_currencies_a51f2aab BEFORE INSERT OR UPDATE ON public.currencies
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(NEW.code), ROW(NEW.iso_code)))
  EXECUTE FUNCTION segue.segue_public_currencies_sync_951ba3ae();
ALTER TABLE public.currencies ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_currencies_a51f2aab;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
