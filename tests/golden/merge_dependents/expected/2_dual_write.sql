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

SELECT segue.enter('input', '', 2, '374a0e1e2ef0a57daa31da4648442bced48a66378e81512e835906356947c0f0') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.addresses ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.addresses, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_addresses_a3ace7c4 ON public.addresses;
--        DROP FUNCTION IF EXISTS segue.segue_public_addresses_sync_df827fcf();
-- from   line 1: merge addresses(street, house) -> line text = (street || ' ' || house)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.addresses') AND tgname = 'zz_segue_sync_segue_public_addresses_a3ace7c4' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_addresses_sync_df827fcf() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- line is filled from (street, house)
  IF pg_catalog.record_image_ne(ROW(NEW.line), ROW(CAST((NEW.street || ' ' || NEW.house) AS text))) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.line IS NULL THEN
        NEW.line := CAST((NEW.street || ' ' || NEW.house) AS text);
      ELSE
        IF NEW.line IS NULL THEN
          NEW.street := NULL;
        END IF;
        IF NEW.line IS NULL THEN
          NEW.house := NULL;
        END IF;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.line), ROW(NEW.line)) THEN
      -- a row that is not filled yet: what this write leaves out comes from the old side
      IF OLD.line IS NULL THEN
        IF NEW.line IS NULL THEN
          NEW.line := CAST((OLD.street || ' ' || OLD.house) AS text);
        END IF;
      END IF;
      IF NEW.line IS NULL THEN
        NEW.street := NULL;
      END IF;
      IF NEW.line IS NULL THEN
        NEW.house := NULL;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.street, OLD.house), ROW(NEW.street, NEW.house))
      OR (NEW.line IS NULL) THEN
      NEW.line := CAST((NEW.street || ' ' || NEW.house) AS text);
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.addresses', 'zz_segue_sync_segue_public_addresses_a3ace7c4');
CREATE TRIGGER zz_segue_sync_segue_public_addresses_a3ace7c4 BEFORE INSERT OR UPDATE ON public.addresses
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(NEW.line), ROW(CAST((NEW.street || ' ' || NEW.house) AS text))))
  EXECUTE FUNCTION segue.segue_public_addresses_sync_df827fcf();
ALTER TABLE public.addresses ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_addresses_a3ace7c4;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
