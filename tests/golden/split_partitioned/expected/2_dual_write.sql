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

SELECT segue.enter('input', '', 2, 'c4843220a52bf318fa98723be1686ce5892d15015bf4c4d6c342cbed05aa731c') AS segue_contracted \gset
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
-- from   line 1: split events.what -> kind text = (split_part(what, ':', 1)), number text =
--        (split_part(what, ':', 2))
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.events') AND tgname = 'zz_segue_sync_segue_public_events_aa409621' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_events_kind_null_function_7c2c2f08() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  PERFORM pg_catalog.set_config('segue.segue_public_events_kind_null_e942bd5e', OLD::text, true);
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.events', 'zz_segue_null_segue_public_events_kind_null_14b5c2a0');
CREATE TRIGGER zz_segue_null_segue_public_events_kind_null_14b5c2a0 BEFORE UPDATE OF kind ON public.events
  FOR EACH ROW WHEN (NEW.kind IS NULL AND OLD.kind IS NULL AND OLD.number IS NULL AND (OLD.what IS NOT NULL)
    AND NOT pg_catalog.record_image_ne(ROW(OLD.what), ROW(NEW.what)))
  EXECUTE FUNCTION segue.segue_public_events_kind_null_function_7c2c2f08();
ALTER TABLE public.events ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_events_kind_null_14b5c2a0;
ALTER TABLE public.events_2023 ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_events_kind_null_14b5c2a0;
ALTER TABLE public.events_rest ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_events_kind_null_14b5c2a0;
CREATE OR REPLACE FUNCTION segue.segue_public_events_number_null_function_b68f33bf() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  PERFORM pg_catalog.set_config('segue.segue_public_events_number_null_dd9a5c87', OLD::text, true);
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.events', 'zz_segue_null_segue_public_events_number_null_fb1c2565');
CREATE TRIGGER zz_segue_null_segue_public_events_number_null_fb1c2565 BEFORE UPDATE OF number ON public.events
  FOR EACH ROW WHEN (NEW.number IS NULL AND OLD.kind IS NULL AND OLD.number IS NULL AND (OLD.what IS NOT NULL)
    AND NOT pg_catalog.record_image_ne(ROW(OLD.what), ROW(NEW.what)))
  EXECUTE FUNCTION segue.segue_public_events_number_null_function_b68f33bf();
ALTER TABLE public.events ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_events_number_null_fb1c2565;
ALTER TABLE public.events_2023 ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_events_number_null_fb1c2565;
ALTER TABLE public.events_rest ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_events_number_null_fb1c2565;
CREATE OR REPLACE FUNCTION segue.segue_public_events_sync_51ffa424() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- what and (kind, number) say the same; where both changed, the new side wins
  IF (pg_catalog.record_image_ne(ROW(NEW.kind, NEW.number), ROW(CAST((split_part(NEW.what, ':', 1)) AS text), CAST((split_part(NEW.what, ':', 2)) AS text)))
    AND (pg_catalog.record_image_ne(ROW(NEW.what), ROW(CAST((NEW.kind || ':' || NEW.number) AS text)))
      OR (NEW.kind IS NULL AND CAST((split_part(NEW.what, ':', 1)) AS text) IS NOT NULL)
      OR (NEW.number IS NULL AND CAST((split_part(NEW.what, ':', 2)) AS text) IS NOT NULL))) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.kind IS NULL AND NEW.number IS NULL THEN
        NEW.kind := CAST((split_part(NEW.what, ':', 1)) AS text);
        NEW.number := CAST((split_part(NEW.what, ':', 2)) AS text);
      ELSE
        NEW.what := (NEW.kind || ':' || NEW.number);
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.kind, OLD.number), ROW(NEW.kind, NEW.number))
      OR (OLD.kind IS NULL AND OLD.number IS NULL AND NOT pg_catalog.record_image_ne(ROW(OLD.what), ROW(NEW.what))
        AND (pg_catalog.current_setting('segue.segue_public_events_kind_null_e942bd5e', true) IS NOT DISTINCT FROM OLD::text
          OR pg_catalog.current_setting('segue.segue_public_events_number_null_dd9a5c87', true) IS NOT DISTINCT FROM OLD::text)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.what), ROW(NEW.what)) THEN
        PERFORM segue.note_disagreement('input', 'public.events', 'kind, number, what');
      END IF;
      -- a row that is not filled yet: what this write leaves out comes from the old side
      IF OLD.kind IS NULL AND OLD.number IS NULL THEN
        IF NEW.kind IS NULL AND pg_catalog.current_setting('segue.segue_public_events_kind_null_e942bd5e', true) IS DISTINCT FROM OLD::text THEN
          NEW.kind := CAST((split_part(OLD.what, ':', 1)) AS text);
        END IF;
        IF NEW.number IS NULL AND pg_catalog.current_setting('segue.segue_public_events_number_null_dd9a5c87', true) IS DISTINCT FROM OLD::text THEN
          NEW.number := CAST((split_part(OLD.what, ':', 2)) AS text);
        END IF;
      END IF;
      NEW.what := (NEW.kind || ':' || NEW.number);
    ELSIF pg_catalog.record_image_ne(ROW(OLD.what), ROW(NEW.what))
      OR (NEW.kind IS NULL AND NEW.number IS NULL) THEN
      NEW.kind := CAST((split_part(NEW.what, ':', 1)) AS text);
      NEW.number := CAST((split_part(NEW.what, ':', 2)) AS text);
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.events', 'zz_segue_sync_segue_public_events_aa409621');
CREATE TRIGGER zz_segue_sync_segue_public_events_aa409621 BEFORE INSERT OR UPDATE ON public.events
  FOR EACH ROW WHEN ((pg_catalog.record_image_ne(ROW(NEW.kind, NEW.number), ROW(CAST((split_part(NEW.what, ':', 1)) AS text), CAST((split_part(NEW.what, ':', 2)) AS text)))
    AND (pg_catalog.record_image_ne(ROW(NEW.what), ROW(CAST((NEW.kind || ':' || NEW.number) AS text)))
      OR (NEW.kind IS NULL AND CAST((split_part(NEW.what, ':', 1)) AS text) IS NOT NULL)
      OR (NEW.number IS NULL AND CAST((split_part(NEW.what, ':', 2)) AS text) IS NOT NULL))))
  EXECUTE FUNCTION segue.segue_public_events_sync_51ffa424();
ALTER TABLE public.events ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_events_aa409621;
ALTER TABLE public.events_2023 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_events_aa409621;
ALTER TABLE public.events_rest ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_events_aa409621;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
