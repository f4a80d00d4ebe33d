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

SELECT segue.enter('input', '', 4, 'dc1f2e7f03dfb925f03f7a54a4c78047ed11dd6d3956fdca75a97ec74a392c7e') AS segue_contracted \gset
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
-- from   line 1: retype events.score -> bigint
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.events') AND attname = 'segue_score_as_bigint_cfec3648' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '160ms';
LOCK TABLE public.events IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.events') AND conname = 'segue_score_as_bigint_a8ff8682' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.events: it is not proven that the copy of score is score as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_events_aa409621 ON public.events;
DROP FUNCTION IF EXISTS segue.segue_public_events_sync_51ffa424();
ALTER TABLE public.events DROP CONSTRAINT IF EXISTS segue_score_as_bigint_a8ff8682;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.events DROP COLUMN IF EXISTS score RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.events RENAME COLUMN segue_score_as_bigint_cfec3648 TO score;
ALTER INDEX public.segue_events_2023_events_score_idx_41027ff6 RENAME TO events_2023_score_day_idx;
ALTER INDEX public.segue_events_2024_events_score_idx_68c42835 RENAME TO events_2024_score_day_idx;
ALTER INDEX public.segue_events_2024_0_events_score_idx_c96f7e38 RENAME TO events_2024_0_score_day_idx;
ALTER INDEX public.segue_events_2024_1_events_score_idx_78b1c021 RENAME TO events_2024_1_score_day_idx;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.events_score_idx;
ALTER INDEX public.segue_events_score_idx_2f857c47 RENAME TO events_score_idx;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
