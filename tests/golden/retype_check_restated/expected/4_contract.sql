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

SELECT segue.enter('input', '', 4, '68b0523fc5cf96d5e7c6230c727b0e475de1fe049f6b3937d87c88a2b9160705') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.prices ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.prices, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 2: retype prices.amount -> numeric(12,2) using (amount / 100.0)
-- from   line 3: default prices.amount 1.00
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.prices') AND attname = 'segue_amount_as_numeric_12_2__56e790d6' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.prices') AND attname = 'amount' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'segue_segue_amount_as_numeric_12_2_56e790d6_not_null_794d18b9') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.prices IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'segue_amount_as_numeric_12_2__fbc7618c' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.prices: it is not proven that the copy of amount is amount as numeric(12,2)'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_prices_31c40b1a ON public.prices;
DROP FUNCTION IF EXISTS segue.segue_public_prices_sync_9f3671ad();
ALTER TABLE public.prices DROP CONSTRAINT IF EXISTS segue_amount_as_numeric_12_2__fbc7618c;
DROP FUNCTION IF EXISTS segue.segue_public_prices_amount_map_a0257ea6(integer);
DROP FUNCTION IF EXISTS segue.segue_public_prices_amount_fails_e6a67aa5(integer);
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.prices DROP COLUMN IF EXISTS amount RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.prices RENAME COLUMN segue_amount_as_numeric_12_2__56e790d6 TO amount;
-- proven by the validated CHECK: no scan
ALTER TABLE public.prices ALTER COLUMN amount SET NOT NULL;
ALTER TABLE public.prices DROP CONSTRAINT IF EXISTS segue_segue_amount_as_numeric_12_2_56e790d6_not_null_794d18b9;
-- the default of the new release
ALTER TABLE public.prices ALTER COLUMN amount SET DEFAULT 1.00;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
