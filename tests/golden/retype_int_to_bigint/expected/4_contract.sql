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

SELECT segue.enter('input', '', 4, 'cfd8915e5372477fa23412f72b9ecb13cb8b956cc3b5ee39267fb254bbc12a93') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.counters ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.counters, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: retype counters.hits -> bigint
-- from   line 2: retype counters.misses -> bigint back (misses::integer)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.counters') AND attname = 'segue_hits_as_bigint_f477ecfe' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.counters') AND attname = 'segue_misses_as_bigint_e131af68' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.counters') AND attname = 'hits' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.counters') AND conname = 'segue_segue_hits_as_bigint_f477ecfe_not_null_d86e1d7a')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.counters') AND conname = 'segue_counters_hits_check_83ddb34a') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.counters IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.counters') AND conname = 'segue_hits_as_bigint_525f76a8' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.counters: it is not proven that the copy of hits is hits as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.counters') AND conname = 'segue_misses_as_bigint_c19c12a2' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.counters: it is not proven that the copy of misses is misses as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_counters_1abc2395 ON public.counters;
DROP FUNCTION IF EXISTS segue.segue_public_counters_sync_5e1788c8();
ALTER TABLE public.counters DROP CONSTRAINT IF EXISTS segue_hits_as_bigint_525f76a8;
ALTER TABLE public.counters DROP CONSTRAINT IF EXISTS segue_misses_as_bigint_c19c12a2;
ALTER TABLE public.counters DROP CONSTRAINT IF EXISTS counters_hits_check;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.counters DROP COLUMN IF EXISTS hits RESTRICT;
ALTER TABLE public.counters DROP COLUMN IF EXISTS misses RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.counters RENAME COLUMN segue_hits_as_bigint_f477ecfe TO hits;
ALTER TABLE public.counters RENAME COLUMN segue_misses_as_bigint_e131af68 TO misses;
-- proven by the validated CHECK: no scan
ALTER TABLE public.counters ALTER COLUMN hits SET NOT NULL;
ALTER TABLE public.counters DROP CONSTRAINT IF EXISTS segue_segue_hits_as_bigint_f477ecfe_not_null_d86e1d7a;
-- the default comes when the old column is gone: earlier it would win over an old INSERT's value
ALTER TABLE public.counters ALTER COLUMN hits SET DEFAULT 7;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.counters_hits_idx;
ALTER INDEX public.segue_counters_hits_idx_2923c75d RENAME TO counters_hits_idx;
ALTER TABLE public.counters RENAME CONSTRAINT segue_counters_hits_check_83ddb34a TO counters_hits_check;
COMMENT ON CONSTRAINT counters_hits_check ON public.counters IS 'never below zero';
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
