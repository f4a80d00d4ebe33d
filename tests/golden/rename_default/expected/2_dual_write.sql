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

SELECT segue.enter('input', '', 2, '630053ca5525a1c3dff88d9e80a533c021b4d60b89d5cf6834a320132aaf935d') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.jobs ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.jobs, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_jobs_7dd5a860 ON public.jobs; …
-- from   line 1: rename jobs.state -> status
-- from   line 2: rename jobs.tries -> attempts
-- from   line 3: rename jobs.due -> due_at
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.jobs') AND tgname = 'zz_segue_sync_segue_public_jobs_7dd5a860' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_jobs_status_null_function_86f2329b() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.state := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.jobs', 'zz_segue_null_segue_public_jobs_status_null_a7130419');
CREATE TRIGGER zz_segue_null_segue_public_jobs_status_null_a7130419 BEFORE UPDATE OF status ON public.jobs
  FOR EACH ROW WHEN (NEW.status IS NULL AND OLD.status IS NULL AND NEW.state IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.state), ROW(NEW.state)))
  EXECUTE FUNCTION segue.segue_public_jobs_status_null_function_86f2329b();
ALTER TABLE public.jobs ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_jobs_status_null_a7130419;
CREATE OR REPLACE FUNCTION segue.segue_public_jobs_attempts_null_function_d1936713() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.tries := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.jobs', 'zz_segue_null_segue_public_jobs_attempts_null_421be5a1');
CREATE TRIGGER zz_segue_null_segue_public_jobs_attempts_null_421be5a1 BEFORE UPDATE OF attempts ON public.jobs
  FOR EACH ROW WHEN (NEW.attempts IS NULL AND OLD.attempts IS NULL AND NEW.tries IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.tries), ROW(NEW.tries)))
  EXECUTE FUNCTION segue.segue_public_jobs_attempts_null_function_d1936713();
ALTER TABLE public.jobs ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_jobs_attempts_null_421be5a1;
CREATE OR REPLACE FUNCTION segue.segue_public_jobs_due_at_null_function_9a76062f() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.due := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.jobs', 'zz_segue_null_segue_public_jobs_due_at_null_2f112e35');
CREATE TRIGGER zz_segue_null_segue_public_jobs_due_at_null_2f112e35 BEFORE UPDATE OF due_at ON public.jobs
  FOR EACH ROW WHEN (NEW.due_at IS NULL AND OLD.due_at IS NULL AND NEW.due IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.due), ROW(NEW.due)))
  EXECUTE FUNCTION segue.segue_public_jobs_due_at_null_function_9a76062f();
ALTER TABLE public.jobs ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_jobs_due_at_null_2f112e35;
CREATE OR REPLACE FUNCTION segue.segue_public_jobs_sync_5a7297bb() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- state and status say the same; where both changed, the new one wins
  IF (NEW.state OPERATOR(pg_catalog.=) NEW.status
      OR (NEW.state IS NULL AND NEW.status IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.status IS NOT NULL THEN
        NEW.state := NEW.status;
      ELSE
        NEW.status := NEW.state;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.status), ROW(NEW.status)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.state), ROW(NEW.state)) THEN
        PERFORM segue.note_disagreement('input', 'public.jobs', 'state, status');
      END IF;
      NEW.state := NEW.status;
    ELSE
      NEW.status := NEW.state;
    END IF;
  END IF;
  -- tries and attempts say the same; where both changed, the new one wins
  IF (NEW.tries OPERATOR(pg_catalog.=) NEW.attempts
      OR (NEW.tries IS NULL AND NEW.attempts IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.attempts IS NOT NULL THEN
        NEW.tries := NEW.attempts;
      ELSE
        NEW.attempts := NEW.tries;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.attempts), ROW(NEW.attempts)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.tries), ROW(NEW.tries)) THEN
        PERFORM segue.note_disagreement('input', 'public.jobs', 'tries, attempts');
      END IF;
      NEW.tries := NEW.attempts;
    ELSE
      NEW.attempts := NEW.tries;
    END IF;
  END IF;
  -- due and due_at say the same; where both changed, the new one wins
  IF (NEW.due OPERATOR(pg_catalog.=) NEW.due_at
      OR (NEW.due IS NULL AND NEW.due_at IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.due_at IS NOT NULL THEN
        NEW.due := NEW.due_at;
      ELSE
        NEW.due_at := NEW.due;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.due_at), ROW(NEW.due_at)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.due), ROW(NEW.due)) THEN
        PERFORM segue.note_disagreement('input', 'public.jobs', 'due, due_at');
      END IF;
      NEW.due := NEW.due_at;
    ELSE
      NEW.due_at := NEW.due;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.jobs', 'zz_segue_sync_segue_public_jobs_7dd5a860');
CREATE TRIGGER zz_segue_sync_segue_public_jobs_7dd5a860 BEFORE INSERT OR UPDATE ON public.jobs
  FOR EACH ROW WHEN (((NEW.state OPERATOR(pg_catalog.=) NEW.status
      OR (NEW.state IS NULL AND NEW.status IS NULL)) IS NOT TRUE)
    OR ((NEW.tries OPERATOR(pg_catalog.=) NEW.attempts
      OR (NEW.tries IS NULL AND NEW.attempts IS NULL)) IS NOT TRUE)
    OR ((NEW.due OPERATOR(pg_catalog.=) NEW.due_at
      OR (NEW.due IS NULL AND NEW.due_at IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_jobs_sync_5a7297bb();
ALTER TABLE public.jobs ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_jobs_7dd5a860;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
