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

SELECT segue.enter('input', '', 4, 'c0d3d3457584490157b52651e6eec1ad67b20aabf8efa9eb5f66cb9ed7d4fdd1') AS segue_contracted \gset
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
-- from   line 1: retype orders.state -> order_state_2
-- from   line 4: default orders.state 'new'
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'segue_state_as_public_order_state_2_c7d29440' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'state' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_segue_state_as_public_order_state_2_c7d29440_not_0cf8c9d5') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_state_as_public_order_state_2_e805b956' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.orders: it is not proven that the copy of state is state as public.order_state_2'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_orders_2c7648f1 ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_sync_da326514();
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_state_as_public_order_state_2_e805b956;
DROP FUNCTION IF EXISTS segue.segue_public_orders_state_map_d72187b4(public.order_state);
DROP FUNCTION IF EXISTS segue.segue_public_orders_state_fails_31600ebb(public.order_state);
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.orders DROP COLUMN IF EXISTS state RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.orders RENAME COLUMN segue_state_as_public_order_state_2_c7d29440 TO state;
-- proven by the validated CHECK: no scan
ALTER TABLE public.orders ALTER COLUMN state SET NOT NULL;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_segue_state_as_public_order_state_2_c7d29440_not_0cf8c9d5;
-- the default of the new release
ALTER TABLE public.orders ALTER COLUMN state SET DEFAULT 'new';
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.orders_state_idx;
ALTER INDEX public.segue_orders_state_idx_31a845d8 RENAME TO orders_state_idx;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
