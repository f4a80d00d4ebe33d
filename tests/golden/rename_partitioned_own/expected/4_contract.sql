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

SELECT segue.enter('input', '', 4, '0ce25f4ebdec2594517d33fb35ed2c2b4c94e29fb2921960adf80ffc298d4075') AS segue_contracted \gset
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
-- from   line 1: rename readings.value -> amount
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.readings') AND attname = 'value' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.readings_1') AND attname = 'amount' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings_1') AND conname = 'segue_amount_not_null_d3771423') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.readings IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings') AND conname = 'segue_amount_is_value_55d23192' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.readings: it is not proven that amount is value'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_readings_16e0d5f5 ON public.readings;
DROP FUNCTION IF EXISTS segue.segue_public_readings_sync_2a7ff928();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_readings_amount_null_19541f3a ON public.readings;
DROP FUNCTION IF EXISTS segue.segue_public_readings_amount_null_function_4f18d982();
ALTER TABLE public.readings DROP CONSTRAINT IF EXISTS segue_amount_is_value_55d23192;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.readings DROP COLUMN IF EXISTS value RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.readings_1 ALTER COLUMN amount SET NOT NULL;
ALTER TABLE public.readings_1 DROP CONSTRAINT IF EXISTS segue_amount_not_null_d3771423;
-- the default comes when the old column is gone: earlier it would win over an old INSERT's value
ALTER TABLE public.readings ALTER COLUMN amount SET DEFAULT 1;
-- a partition's own
ALTER TABLE public.readings_1 ALTER COLUMN amount SET DEFAULT 5;
ALTER TABLE public.readings_2 ALTER COLUMN amount DROP DEFAULT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
