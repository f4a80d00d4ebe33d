-- input · phase 3 of 4: backfill
--
-- when   after phase 2; before the release that reads what is new
-- apply  segue apply <this directory> --phase 3
--        or psql -v ON_ERROR_STOP=1 -f 3_backfill.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

SELECT segue.enter('input', '', 3, '630053ca5525a1c3dff88d9e80a533c021b4d60b89d5cf6834a320132aaf935d') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.jobs ──
-- why    in small batches, until status is state and attempts is tries and due_at is due on every
--        row
-- locks  ROW EXCLUSIVE on public.jobs
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename jobs.state -> status
-- from   line 2: rename jobs.tries -> attempts
-- from   line 3: rename jobs.due -> due_at
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.jobs: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.jobs'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.jobs
   SET status = state, attempts = tries, due_at = due
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (status IS DISTINCT FROM state
     OR attempts IS DISTINCT FROM tries
     OR due_at IS DISTINCT FROM due);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Add 4 constraints to public.jobs ──
-- why    that status is state is proven, and stays so; that attempts is tries is proven, and stays
--        so; that due_at is due is proven, and stays so; status may not be NULL any more; NOT
--        VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.jobs, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.jobs DROP CONSTRAINT IF EXISTS segue_status_is_state_f9a2ed98; …
-- from   line 1: rename jobs.state -> status
-- from   line 2: rename jobs.tries -> attempts
-- from   line 3: rename jobs.due -> due_at
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.jobs') AND conname = 'segue_status_is_state_f9a2ed98')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.jobs') AND conname = 'segue_attempts_is_tries_c11ea788')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.jobs') AND conname = 'segue_due_at_is_due_3720c823')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.jobs') AND conname = 'segue_status_not_null_29a379c9') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.jobs
  ADD CONSTRAINT segue_status_is_state_f9a2ed98 CHECK (NOT pg_catalog.record_image_ne(ROW(state), ROW(status))) NOT VALID,
  ADD CONSTRAINT segue_attempts_is_tries_c11ea788 CHECK (NOT pg_catalog.record_image_ne(ROW(tries), ROW(attempts))) NOT VALID,
  ADD CONSTRAINT segue_due_at_is_due_3720c823 CHECK (NOT pg_catalog.record_image_ne(ROW(due), ROW(due_at))) NOT VALID,
  ADD CONSTRAINT segue_status_not_null_29a379c9 CHECK (status IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.3  Validate public.jobs ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.jobs
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename jobs.state -> status
-- from   line 2: rename jobs.tries -> attempts
-- from   line 3: rename jobs.due -> due_at
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.jobs') AND conname = 'segue_status_is_state_f9a2ed98' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.jobs') AND conname = 'segue_attempts_is_tries_c11ea788' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.jobs') AND conname = 'segue_due_at_is_due_3720c823' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.jobs') AND conname = 'segue_status_not_null_29a379c9' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.jobs
  VALIDATE CONSTRAINT segue_status_is_state_f9a2ed98,
  VALIDATE CONSTRAINT segue_attempts_is_tries_c11ea788,
  VALIDATE CONSTRAINT segue_due_at_is_due_3720c823,
  VALIDATE CONSTRAINT segue_status_not_null_29a379c9;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
