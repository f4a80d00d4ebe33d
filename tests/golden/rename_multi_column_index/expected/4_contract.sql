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

SELECT segue.enter('input', '', 4, 'dcf08c1e381d738f9bec9c9a12b1cf8c3cdb25461bd64852ce1b2e39f8f445c2') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.events ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.events, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename events.happened -> happened_at
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.events') AND attname = 'happened' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.events IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.events') AND conname = 'segue_happened_at_is_happened_cc7b2411' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.events: it is not proven that happened_at is happened'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_events_aa409621 ON public.events;
DROP FUNCTION IF EXISTS segue.segue_public_events_sync_51ffa424();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_events_happened_at_null_2162606d ON public.events;
DROP FUNCTION IF EXISTS segue.segue_public_events_happened_at_null_function_52ea1b77();
ALTER TABLE public.events DROP CONSTRAINT IF EXISTS segue_happened_at_is_happened_cc7b2411;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.events DROP COLUMN IF EXISTS happened RESTRICT;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.events_happened_brin;
ALTER INDEX public.segue_events_happened_brin_fd7dcb44 RENAME TO events_happened_brin;
DROP INDEX IF EXISTS public.events_kind_happened_idx;
ALTER INDEX public.segue_events_kind_happened_idx_def299e3 RENAME TO events_kind_happened_idx;
ALTER TABLE public.events CLUSTER ON events_kind_happened_idx;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
