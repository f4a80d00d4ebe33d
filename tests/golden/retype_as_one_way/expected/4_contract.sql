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

SELECT segue.enter('input', '', 4, '28e8676366b6859cf9acace79f98130950235d84a42864bc907378912fe0271a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.readings ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.readings, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: retype readings.raw -> numeric as value
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.readings') AND attname = 'raw' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.readings IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings') AND conname = 'segue_raw_as_numeric_8310344c' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.readings: it is not proven that value has what raw converts to'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_readings_16e0d5f5 ON public.readings;
DROP FUNCTION IF EXISTS segue.segue_public_readings_sync_2a7ff928();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_readings_value_null_16f265fb ON public.readings;
DROP FUNCTION IF EXISTS segue.segue_public_readings_value_null_function_9da89405();
ALTER TABLE public.readings DROP CONSTRAINT IF EXISTS segue_raw_as_numeric_8310344c;
DROP FUNCTION IF EXISTS segue.segue_public_readings_raw_map_89690b67(text);
DROP FUNCTION IF EXISTS segue.segue_public_readings_raw_fails_007b4420(text);
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.readings DROP COLUMN IF EXISTS raw RESTRICT;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.readings_raw_idx;
ALTER INDEX public.segue_readings_raw_idx_61329cdb RENAME TO readings_raw_idx;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
