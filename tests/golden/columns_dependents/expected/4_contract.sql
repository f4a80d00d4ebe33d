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

SELECT segue.enter('input', '', 4, '154b170a9f041c48f3b6914bdb3d8a5389ae865900210ec1cfe28e2fa56b26e2') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Drop index public.readings_source_idx ──
-- why    an index of a partitioned table cannot be dropped CONCURRENTLY; a catalogue change, over
--        in milliseconds once the locks are there
-- locks  ACCESS EXCLUSIVE on public.readings, ACCESS EXCLUSIVE on public.readings_2023, ACCESS
--        EXCLUSIVE on public.readings_2024, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 15: drop index readings_source_idx
SELECT pg_catalog.to_regclass('public.readings_source_idx') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '160ms';
DROP INDEX IF EXISTS public.readings_source_idx RESTRICT;
COMMIT;
\endif

-- ── 4.2  Contract public.readings ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.readings, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 2: require readings.value
-- from   line 5: relax readings.source
-- from   line 7: default readings.unit 'K'
-- from   line 9: drop readings.legacy
-- from   line 12: add readings.quality smallint required check (quality between 0 and 9)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.readings') AND attname = 'legacy' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.readings') AND attname = 'value' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.readings') AND attname = 'quality' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings') AND conname = 'segue_value_not_null_e4bba0ea')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings') AND conname = 'segue_quality_not_null_dcb03482')
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.readings') AND attname = 'source' AND NOT attisdropped AND NOT attnotnull) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.readings IN ACCESS EXCLUSIVE MODE;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_readings_16e0d5f5 ON public.readings;
DROP FUNCTION IF EXISTS segue.segue_public_readings_sync_2a7ff928();
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.readings DROP COLUMN IF EXISTS legacy RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.readings ALTER COLUMN value SET NOT NULL;
ALTER TABLE public.readings ALTER COLUMN quality SET NOT NULL;
ALTER TABLE public.readings DROP CONSTRAINT IF EXISTS segue_value_not_null_e4bba0ea;
ALTER TABLE public.readings DROP CONSTRAINT IF EXISTS segue_quality_not_null_dcb03482;
-- the default of the new release
ALTER TABLE public.readings ALTER COLUMN unit SET DEFAULT 'K';
-- every release that runs knows NULL here by now
ALTER TABLE public.readings ALTER COLUMN source DROP NOT NULL;
-- undo is over: what the fill overwrote is not needed any more
DROP TABLE IF EXISTS segue.segue_public_readings_journal_13737166;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
