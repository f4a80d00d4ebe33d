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

SELECT segue.enter('input', '', 2, 'a10620c5207cb3696b851dcfc3513ddabf0382443dc834b21ffcf8a6f5655371') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.log ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.log, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_log_69d1df22 ON public.log; …
-- from   line 1: rename log.msg -> message
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.log') AND tgname = 'zz_segue_sync_segue_public_log_69d1df22' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_log_message_null_function_f551b530() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.msg := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.log', 'zz_segue_null_segue_public_log_message_null_83b77538');
CREATE TRIGGER zz_segue_null_segue_public_log_message_null_83b77538 BEFORE UPDATE OF message ON public.log
  FOR EACH ROW WHEN (NEW.message IS NULL AND OLD.message IS NULL AND NEW.msg IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.msg), ROW(NEW.msg)))
  EXECUTE FUNCTION segue.segue_public_log_message_null_function_f551b530();
ALTER TABLE public.log ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_log_message_null_83b77538;
CREATE OR REPLACE FUNCTION segue.segue_public_log_sync_89a3c9a5() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- msg and message say the same; where both changed, the new one wins
  IF (NEW.msg OPERATOR(pg_catalog.=) NEW.message
      OR (NEW.msg IS NULL AND NEW.message IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.message IS NOT NULL THEN
        NEW.msg := NEW.message;
      ELSE
        NEW.message := NEW.msg;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.message), ROW(NEW.message)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.msg), ROW(NEW.msg)) THEN
        PERFORM segue.note_disagreement('input', 'public.log', 'msg, message');
      END IF;
      NEW.msg := NEW.message;
    ELSE
      NEW.message := NEW.msg;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.log', 'zz_segue_sync_segue_public_log_69d1df22');
CREATE TRIGGER zz_segue_sync_segue_public_log_69d1df22 BEFORE INSERT OR UPDATE ON public.log
  FOR EACH ROW WHEN ((NEW.msg OPERATOR(pg_catalog.=) NEW.message
      OR (NEW.msg IS NULL AND NEW.message IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_log_sync_89a3c9a5();
ALTER TABLE public.log ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_log_69d1df22;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
