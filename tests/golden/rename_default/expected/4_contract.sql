-- input · phase 4 of 4: contract
--
-- when   when no release runs that knows what is old
-- apply  segue apply <this directory> --phase 4 --release NAME
--        or psql -v ON_ERROR_STOP=1 -f 4_contract.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

-- No release that runs may still need what goes: segue.ack says so, segue.skip_soak why a soak
-- need not be over. See `segue gate` for what else there is to ask.
SELECT segue.require_release('input', interval '0 seconds') AS segue_released \gset

SELECT segue.enter('input', '', 4, '630053ca5525a1c3dff88d9e80a533c021b4d60b89d5cf6834a320132aaf935d') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.jobs ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.jobs, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename jobs.state -> status
-- from   line 2: rename jobs.tries -> attempts
-- from   line 3: rename jobs.due -> due_at
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.jobs') AND attname = 'state' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.jobs') AND attname = 'tries' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.jobs') AND attname = 'due' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.jobs') AND attname = 'status' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.jobs') AND conname = 'segue_status_not_null_29a379c9') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.jobs IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.jobs') AND conname = 'segue_status_is_state_f9a2ed98' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.jobs: it is not proven that status is state'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.jobs') AND conname = 'segue_attempts_is_tries_c11ea788' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.jobs: it is not proven that attempts is tries'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.jobs') AND conname = 'segue_due_at_is_due_3720c823' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.jobs: it is not proven that due_at is due'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_jobs_7dd5a860 ON public.jobs;
DROP FUNCTION IF EXISTS segue.segue_public_jobs_sync_5a7297bb();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_jobs_status_null_a7130419 ON public.jobs;
DROP FUNCTION IF EXISTS segue.segue_public_jobs_status_null_function_86f2329b();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_jobs_attempts_null_421be5a1 ON public.jobs;
DROP FUNCTION IF EXISTS segue.segue_public_jobs_attempts_null_function_d1936713();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_jobs_due_at_null_2f112e35 ON public.jobs;
DROP FUNCTION IF EXISTS segue.segue_public_jobs_due_at_null_function_9a76062f();
ALTER TABLE public.jobs DROP CONSTRAINT IF EXISTS segue_status_is_state_f9a2ed98;
ALTER TABLE public.jobs DROP CONSTRAINT IF EXISTS segue_attempts_is_tries_c11ea788;
ALTER TABLE public.jobs DROP CONSTRAINT IF EXISTS segue_due_at_is_due_3720c823;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.jobs DROP COLUMN IF EXISTS state RESTRICT;
ALTER TABLE public.jobs DROP COLUMN IF EXISTS tries RESTRICT;
ALTER TABLE public.jobs DROP COLUMN IF EXISTS due RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.jobs ALTER COLUMN status SET NOT NULL;
ALTER TABLE public.jobs DROP CONSTRAINT IF EXISTS segue_status_not_null_29a379c9;
-- the default comes when the old column is gone: earlier it would win over an old INSERT's value
ALTER TABLE public.jobs ALTER COLUMN status SET DEFAULT 'waiting'::character varying;
ALTER TABLE public.jobs ALTER COLUMN attempts SET DEFAULT (1 + 1);
ALTER TABLE public.jobs ALTER COLUMN due_at SET DEFAULT now();
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
