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

SELECT segue.enter('input', '', 2, 'dcf08c1e381d738f9bec9c9a12b1cf8c3cdb25461bd64852ce1b2e39f8f445c2') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.events ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.events, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_events_aa409621 ON public.events; …
-- from   line 1: rename events.happened -> happened_at
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.events') AND tgname = 'zz_segue_sync_segue_public_events_aa409621' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_events_happened_at_null_function_52ea1b77() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.happened := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.events', 'zz_segue_null_segue_public_events_happened_at_null_2162606d');
CREATE TRIGGER zz_segue_null_segue_public_events_happened_at_null_2162606d BEFORE UPDATE OF happened_at ON public.events
  FOR EACH ROW WHEN (NEW.happened_at IS NULL AND OLD.happened_at IS NULL AND NEW.happened IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.happened), ROW(NEW.happened)))
  EXECUTE FUNCTION segue.segue_public_events_happened_at_null_function_52ea1b77();
ALTER TABLE public.events ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_events_happened_at_null_2162606d;
CREATE OR REPLACE FUNCTION segue.segue_public_events_sync_51ffa424() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- happened and happened_at say the same; where both changed, the new one wins
  IF (NEW.happened OPERATOR(pg_catalog.=) NEW.happened_at
      OR (NEW.happened IS NULL AND NEW.happened_at IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.happened_at IS NOT NULL THEN
        NEW.happened := NEW.happened_at;
      ELSE
        NEW.happened_at := NEW.happened;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.happened_at), ROW(NEW.happened_at)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.happened), ROW(NEW.happened)) THEN
        PERFORM segue.note_disagreement('input', 'public.events', 'happened, happened_at');
      END IF;
      NEW.happened := NEW.happened_at;
    ELSE
      NEW.happened_at := NEW.happened;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.events', 'zz_segue_sync_segue_public_events_aa409621');
CREATE TRIGGER zz_segue_sync_segue_public_events_aa409621 BEFORE INSERT OR UPDATE ON public.events
  FOR EACH ROW WHEN ((NEW.happened OPERATOR(pg_catalog.=) NEW.happened_at
      OR (NEW.happened IS NULL AND NEW.happened_at IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_events_sync_51ffa424();
ALTER TABLE public.events ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_events_aa409621;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
