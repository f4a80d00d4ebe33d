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

SELECT segue.enter('input', '', 4, 'c5e09f5ee4e19aa7a9131c6aa9647813800c0c5818db43e7be8a9deb1321d40a') AS segue_contracted \gset
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
-- from   line 1: rename orders.no -> order_number
-- from   line 2: rename orders.line -> position
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'no' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'line' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'order_number' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'position' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_order_number_not_null_072d7687')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_position_not_null_caf26bda') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_order_number_is_no_88b52f16' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.orders: it is not proven that order_number is no'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_position_is_line_9a05dfac' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.orders: it is not proven that "position" is line'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_orders_2c7648f1 ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_sync_da326514();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_orders_order_number_null_6e5a91d6 ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_order_number_null_function_dc388db6();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_orders_position_null_aec31537 ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_position_null_function_61d5a1f9();
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_order_number_is_no_88b52f16;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_position_is_line_9a05dfac;
-- the identity sequence's place is kept for the new one
SELECT pg_catalog.set_config('segue.identity_0283ee2b', s.last_value::text || ' ' || s.is_called::text, true) FROM public.orders_no_seq AS s;
SELECT pg_catalog.set_config('segue.identity_c3a27a8a', s.last_value::text || ' ' || s.is_called::text, true) FROM public.orders_line_seq AS s;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.orders DROP COLUMN IF EXISTS no RESTRICT;
ALTER TABLE public.orders DROP COLUMN IF EXISTS line RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.orders ALTER COLUMN order_number SET NOT NULL;
ALTER TABLE public.orders ALTER COLUMN "position" SET NOT NULL;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_order_number_not_null_072d7687;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_position_not_null_caf26bda;
-- identity, from where the old one stopped
ALTER TABLE public.orders ALTER COLUMN order_number ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.orders_no_seq START WITH 100 INCREMENT BY 5 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1);
SELECT pg_catalog.setval('public.orders_no_seq', split_part(v, ' ', 1)::bigint, split_part(v, ' ', 2)::boolean)
  FROM pg_catalog.current_setting('segue.identity_0283ee2b') AS v;
COMMENT ON SEQUENCE public.orders_no_seq IS 'the customer''s own numbers';
GRANT SELECT ON SEQUENCE public.orders_no_seq TO PUBLIC;
GRANT USAGE ON SEQUENCE public.orders_no_seq TO golden_reader WITH GRANT OPTION;
ALTER TABLE public.orders ALTER COLUMN "position" ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.orders_line_seq START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 CACHE 1);
SELECT pg_catalog.setval('public.orders_line_seq', split_part(v, ' ', 1)::bigint, split_part(v, ' ', 2)::boolean)
  FROM pg_catalog.current_setting('segue.identity_c3a27a8a') AS v;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.orders_no_idx;
ALTER INDEX public.segue_orders_no_idx_a182b67c RENAME TO orders_no_idx;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
