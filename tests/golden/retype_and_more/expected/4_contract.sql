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

SELECT segue.enter('input', '', 4, 'a6486c3c8c6343d61da85a3c5072d330d0e96fb73a59f22b562c60a4355ed79a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.customers ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.customers, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 10: widen customers.number -> bigint
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.customers') AND attname = 'segue_number_as_bigint_37952029' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.customers') AND attname = 'number' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.customers') AND conname = 'segue_segue_number_as_bigint_37952029_not_null_7a11fccf')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.customers') AND conname = 'customers_number_key') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.customers IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.customers') AND conname = 'segue_number_as_bigint_6d05740b' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.customers: it is not proven that the copy of number is number as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_customers_88f45b71 ON public.customers;
DROP FUNCTION IF EXISTS segue.segue_public_customers_sync_56dbfc94();
ALTER TABLE public.customers DROP CONSTRAINT IF EXISTS segue_number_as_bigint_6d05740b;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.customers DROP COLUMN IF EXISTS number RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.customers RENAME COLUMN segue_number_as_bigint_37952029 TO number;
-- proven by the validated CHECK: no scan
ALTER TABLE public.customers ALTER COLUMN number SET NOT NULL;
ALTER TABLE public.customers DROP CONSTRAINT IF EXISTS segue_segue_number_as_bigint_37952029_not_null_7a11fccf;
-- names and constraints go over to the new indexes
ALTER TABLE public.customers ADD CONSTRAINT customers_number_key UNIQUE USING INDEX segue_customers_number_key_ca483388;
COMMIT;
\endif

-- ── 4.2  Contract public.lines ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.lines, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 11: retype lines.place -> bigint
-- from   line 12: primary key lines(order_id, place)
-- from   line 13: relax lines.amount
-- from   line 14: retype lines.amount -> numeric(12,2)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.lines') AND attname = 'segue_place_as_bigint_4d484cb1' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.lines') AND attname = 'segue_amount_as_numeric_12_2__56e790d6' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.lines') AND attname = 'order_id' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.lines') AND attname = 'place' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_order_id_not_null_eb7bb2df')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_segue_place_as_bigint_4d484cb1_not_null_b1c84766')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'lines_pkey')
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.lines') AND attname = 'amount' AND NOT attisdropped AND NOT attnotnull) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.lines IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_place_as_bigint_a4711153' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.lines: it is not proven that the copy of place is place as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_amount_as_numeric_12_2__fbc7618c' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.lines: it is not proven that the copy of amount is amount as numeric(12,2)'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_lines_867334eb ON public.lines;
DROP FUNCTION IF EXISTS segue.segue_public_lines_sync_dab9806e();
ALTER TABLE public.lines DROP CONSTRAINT IF EXISTS segue_place_as_bigint_a4711153;
ALTER TABLE public.lines DROP CONSTRAINT IF EXISTS segue_amount_as_numeric_12_2__fbc7618c;
DROP FUNCTION IF EXISTS segue.segue_public_lines_amount_map_9fb4d14d(integer);
DROP FUNCTION IF EXISTS segue.segue_public_lines_amount_fails_53eba61e(integer);
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.lines DROP COLUMN IF EXISTS place RESTRICT;
ALTER TABLE public.lines DROP COLUMN IF EXISTS amount RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.lines RENAME COLUMN segue_place_as_bigint_4d484cb1 TO place;
ALTER TABLE public.lines RENAME COLUMN segue_amount_as_numeric_12_2__56e790d6 TO amount;
-- proven by the validated CHECK: no scan
ALTER TABLE public.lines ALTER COLUMN order_id SET NOT NULL;
ALTER TABLE public.lines ALTER COLUMN place SET NOT NULL;
ALTER TABLE public.lines DROP CONSTRAINT IF EXISTS segue_order_id_not_null_eb7bb2df;
ALTER TABLE public.lines DROP CONSTRAINT IF EXISTS segue_segue_place_as_bigint_4d484cb1_not_null_b1c84766;
-- the key takes the index over and is NOT NULL by proof: no scan
ALTER TABLE public.lines ADD CONSTRAINT lines_pkey PRIMARY KEY USING INDEX lines_pkey;
-- every release that runs knows NULL here by now
ALTER TABLE public.lines ALTER COLUMN amount DROP NOT NULL;
COMMIT;
\endif

-- ── 4.3  Contract public.orders ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 3: retype orders.state -> order_state
-- from   line 6: require orders.code
-- from   line 7: unique orders(code)
-- from   line 8: retype orders."Customer ""id""" -> bigint
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'segue_state_as_public_order_state_d75650d9' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'segue_customer_id_as_bigint_f03d4c75' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'code' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_code_not_null_7e29a94c')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'orders_code_key') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_state_as_public_order_state_784ba83f' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.orders: it is not proven that the copy of state is state as public.order_state'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_customer_id_as_bigint_b255f637' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.orders: it is not proven that the copy of "Customer ""id""" is "Customer ""id""" as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_orders_2c7648f1 ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_sync_da326514();
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_state_as_public_order_state_784ba83f;
DROP FUNCTION IF EXISTS segue.segue_public_orders_state_map_d72187b4(text);
DROP FUNCTION IF EXISTS segue.segue_public_orders_state_fails_31600ebb(text);
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_customer_id_as_bigint_b255f637;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.orders DROP COLUMN IF EXISTS state RESTRICT;
ALTER TABLE public.orders DROP COLUMN IF EXISTS "Customer ""id""" RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.orders RENAME COLUMN segue_state_as_public_order_state_d75650d9 TO state;
ALTER TABLE public.orders RENAME COLUMN segue_customer_id_as_bigint_f03d4c75 TO "Customer ""id""";
-- proven by the validated CHECK: no scan
ALTER TABLE public.orders ALTER COLUMN code SET NOT NULL;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_code_not_null_7e29a94c;
-- the constraint takes the index over: no scan
ALTER TABLE public.orders ADD CONSTRAINT orders_code_key UNIQUE USING INDEX orders_code_key;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
