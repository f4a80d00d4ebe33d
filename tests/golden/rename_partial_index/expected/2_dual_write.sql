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

SELECT segue.enter('input', '', 2, 'a0bb120af6d6798a3c0bc691cb283eb945f0f56a27889c1bff06cfc98a3dd868') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.tickets ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.tickets, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_tickets_86a96f65 ON public.tickets; …
-- from   line 1: rename tickets.closed_on -> resolved_on
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.tickets') AND tgname = 'zz_segue_sync_segue_public_tickets_86a96f65' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_tickets_resolved_on_null_function_d02a39a0() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.closed_on := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.tickets', 'zz_segue_null_segue_public_tickets_resolved_on_null_58d47508');
CREATE TRIGGER zz_segue_null_segue_public_tickets_resolved_on_null_58d47508 BEFORE UPDATE OF resolved_on ON public.tickets
  FOR EACH ROW WHEN (NEW.resolved_on IS NULL AND OLD.resolved_on IS NULL AND NEW.closed_on IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.closed_on), ROW(NEW.closed_on)))
  EXECUTE FUNCTION segue.segue_public_tickets_resolved_on_null_function_d02a39a0();
ALTER TABLE public.tickets ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_tickets_resolved_on_null_58d47508;
CREATE OR REPLACE FUNCTION segue.segue_public_tickets_sync_c5fed538() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- closed_on and resolved_on say the same; where both changed, the new one wins
  IF (NEW.closed_on OPERATOR(pg_catalog.=) NEW.resolved_on
      OR (NEW.closed_on IS NULL AND NEW.resolved_on IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.resolved_on IS NOT NULL THEN
        NEW.closed_on := NEW.resolved_on;
      ELSE
        NEW.resolved_on := NEW.closed_on;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.resolved_on), ROW(NEW.resolved_on)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.closed_on), ROW(NEW.closed_on)) THEN
        PERFORM segue.note_disagreement('input', 'public.tickets', 'closed_on, resolved_on');
      END IF;
      NEW.closed_on := NEW.resolved_on;
    ELSE
      NEW.resolved_on := NEW.closed_on;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.tickets', 'zz_segue_sync_segue_public_tickets_86a96f65');
CREATE TRIGGER zz_segue_sync_segue_public_tickets_86a96f65 BEFORE INSERT OR UPDATE ON public.tickets
  FOR EACH ROW WHEN ((NEW.closed_on OPERATOR(pg_catalog.=) NEW.resolved_on
      OR (NEW.closed_on IS NULL AND NEW.resolved_on IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_tickets_sync_c5fed538();
ALTER TABLE public.tickets ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_tickets_86a96f65;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
