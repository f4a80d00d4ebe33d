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

SELECT segue.enter('input', '', 4, '8996e67ffb15f671152bf187bb33a9bd9fcf1e0e5bd25df389ab88949173dbcd') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.products ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.products, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename products.sku -> stock_number
-- from   line 2: rename products.ean -> barcode
-- from   line 3: rename products.place -> slot
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.products') AND attname = 'sku' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.products') AND attname = 'ean' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.products') AND attname = 'place' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.products') AND attname = 'stock_number' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'segue_stock_number_not_null_5feeee35')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'products_ean_key')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'products_shelf_place_key')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'products_sku_key') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.products IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'segue_stock_number_is_sku_8f0bce8c' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.products: it is not proven that stock_number is sku'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'segue_barcode_is_ean_3f79453d' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.products: it is not proven that barcode is ean'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'segue_slot_is_place_1eb6b99c' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.products: it is not proven that slot is place'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_products_8cc53774 ON public.products;
DROP FUNCTION IF EXISTS segue.segue_public_products_sync_d17e1fdf();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_products_stock_number_null_296359ad ON public.products;
DROP FUNCTION IF EXISTS segue.segue_public_products_stock_number_null_function_ac454637();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_products_barcode_null_c6397e43 ON public.products;
DROP FUNCTION IF EXISTS segue.segue_public_products_barcode_null_function_8410fd9d();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_products_slot_null_23ab62bf ON public.products;
DROP FUNCTION IF EXISTS segue.segue_public_products_slot_null_function_d60b8571();
ALTER TABLE public.products DROP CONSTRAINT IF EXISTS segue_stock_number_is_sku_8f0bce8c;
ALTER TABLE public.products DROP CONSTRAINT IF EXISTS segue_barcode_is_ean_3f79453d;
ALTER TABLE public.products DROP CONSTRAINT IF EXISTS segue_slot_is_place_1eb6b99c;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.products DROP COLUMN IF EXISTS sku RESTRICT;
ALTER TABLE public.products DROP COLUMN IF EXISTS ean RESTRICT;
ALTER TABLE public.products DROP COLUMN IF EXISTS place RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.products ALTER COLUMN stock_number SET NOT NULL;
ALTER TABLE public.products DROP CONSTRAINT IF EXISTS segue_stock_number_not_null_5feeee35;
-- names and constraints go over to the new indexes
ALTER TABLE public.products RENAME CONSTRAINT segue_products_ean_key_e618d664 TO products_ean_key;
DROP INDEX IF EXISTS public.products_lower_sku_idx;
ALTER INDEX public.segue_products_lower_sku_idx_b0129a37 RENAME TO products_lower_sku_idx;
ALTER TABLE public.products ADD CONSTRAINT products_shelf_place_key UNIQUE USING INDEX segue_products_shelf_place_key_1e21f638;
ALTER TABLE public.products ADD CONSTRAINT products_sku_key UNIQUE USING INDEX segue_products_sku_key_f8d67565;
COMMENT ON CONSTRAINT products_sku_key ON public.products IS 'Printed on the box.';
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
