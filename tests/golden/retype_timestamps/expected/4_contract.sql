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

SELECT segue.enter('input', '', 4, '227125a972f55e9a528e0bee538efc61cf372ff3a04925169f4e527dc276f020') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.visits ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 3: retype visits.went -> timestamp with time zone using (went at time zone
--        'Europe/Berlin')
-- from   line 5: retype visits.day -> date
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.visits') AND attname = 'segue_went_as_timestamp_with_time_zone_1791dbf4' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.visits') AND attname = 'segue_day_as_date_88515ffb' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.visits IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_went_as_timestamp_with_time_zone_ee5e4606' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.visits: it is not proven that the copy of went is went as timestamp with time zone'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_day_as_date_2b030491' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.visits: it is not proven that the copy of day is day as date'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_visits_311368a8 ON public.visits;
DROP FUNCTION IF EXISTS segue.segue_public_visits_sync_2a1ffef3();
ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS segue_went_as_timestamp_with_time_zone_ee5e4606;
DROP FUNCTION IF EXISTS segue.segue_public_visits_went_map_4e093c7a(timestamp without time zone);
DROP FUNCTION IF EXISTS segue.segue_public_visits_went_fails_91d6de81(timestamp without time zone);
ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS segue_day_as_date_2b030491;
DROP FUNCTION IF EXISTS segue.segue_public_visits_day_map_8d327f96(timestamp without time zone);
DROP FUNCTION IF EXISTS segue.segue_public_visits_day_fails_d3a089d5(timestamp without time zone);
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.visits DROP COLUMN IF EXISTS went RESTRICT;
ALTER TABLE public.visits DROP COLUMN IF EXISTS day RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.visits RENAME COLUMN segue_went_as_timestamp_with_time_zone_1791dbf4 TO went;
ALTER TABLE public.visits RENAME COLUMN segue_day_as_date_88515ffb TO day;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.visits_went_idx;
ALTER INDEX public.segue_visits_went_idx_76c3f8f6 RENAME TO visits_went_idx;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
