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

SELECT segue.enter('input', '', 4, 'f7569ef65bfaba20ee918bffda65bc9ec2cf12ffc71699d0bf3c11cd0f20af8a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.orders ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: retype orders.total_cents -> numeric(18,2) as total
-- from   line 5: default orders.total 0
-- from   line 7: retype orders.tip_cents -> numeric(10,2) as tip
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'total_cents' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'tip_cents' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'total' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_not_null_ad6e27ef') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_cents_as_numeric_18_2__6db515e6' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.orders: it is not proven that total and total_cents agree by `using` or by `back`'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_tip_cents_as_numeric_10_2__847424d3' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.orders: it is not proven that tip and tip_cents agree by `using` or by `back`'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_orders_2c7648f1 ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_sync_da326514();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_orders_total_null_115e9522 ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_total_null_function_62db6a9a();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_orders_tip_null_fc5054a7 ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_tip_null_function_9385ac09();
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_total_cents_as_numeric_18_2__6db515e6;
DROP FUNCTION IF EXISTS segue.segue_public_orders_total_cents_map_f1a6170f(integer);
DROP FUNCTION IF EXISTS segue.segue_public_orders_total_cents_fails_657c20d8(integer);
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_tip_cents_as_numeric_10_2__847424d3;
DROP FUNCTION IF EXISTS segue.segue_public_orders_tip_cents_map_6893388c(integer);
DROP FUNCTION IF EXISTS segue.segue_public_orders_tip_cents_fails_4c66f5a3(integer);
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.orders DROP COLUMN IF EXISTS total_cents RESTRICT;
ALTER TABLE public.orders DROP COLUMN IF EXISTS tip_cents RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.orders ALTER COLUMN total SET NOT NULL;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_total_not_null_ad6e27ef;
-- the default of the new release
ALTER TABLE public.orders ALTER COLUMN total SET DEFAULT 0;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.orders_tip_idx;
ALTER INDEX public.segue_orders_tip_idx_23af30f0 RENAME TO orders_tip_idx;
DROP INDEX IF EXISTS public.orders_total_cents_key;
ALTER INDEX public.segue_orders_total_cents_key_1d9ece97 RENAME TO orders_total_cents_key;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
