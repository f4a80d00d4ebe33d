-- input · phase 3 of 4: backfill
--
-- when   after phase 2; before the release that reads what is new
-- apply  segue apply <this directory> --phase 3
--        or psql -v ON_ERROR_STOP=1 -f 3_backfill.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

SELECT segue.enter('input', '', 3, '8996e67ffb15f671152bf187bb33a9bd9fcf1e0e5bd25df389ab88949173dbcd') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.products ──
-- why    in small batches, until stock_number is sku and barcode is ean and slot is place on every
--        row
-- locks  ROW EXCLUSIVE on public.products
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename products.sku -> stock_number
-- from   line 2: rename products.ean -> barcode
-- from   line 3: rename products.place -> slot
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.products: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.products'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.products
   SET stock_number = sku, barcode = ean, slot = place
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (stock_number IS DISTINCT FROM sku
     OR barcode IS DISTINCT FROM ean
     OR slot IS DISTINCT FROM place);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_products_ean_key_e618d664 ──
-- why    as products_ean_key, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.products
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_products_ean_key_e618d664;
-- from   line 1: rename products.sku -> stock_number
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_products_ean_key_e618d664') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_products_ean_key_e618d664;
CREATE UNIQUE INDEX CONCURRENTLY segue_products_ean_key_e618d664 ON public.products (barcode);
\endif

-- ── 3.3  Build public.segue_products_lower_sku_idx_b0129a37 ──
-- why    as products_lower_sku_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.products
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_products_lower_sku_idx_b0129a37;
-- from   line 1: rename products.sku -> stock_number
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_products_lower_sku_idx_b0129a37') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_products_lower_sku_idx_b0129a37;
CREATE UNIQUE INDEX CONCURRENTLY segue_products_lower_sku_idx_b0129a37 ON public.products ((lower(stock_number)));
\endif

-- ── 3.4  Build public.segue_products_shelf_place_key_1e21f638 ──
-- why    as products_shelf_place_key, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.products
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_products_shelf_place_key_1e21f638;
-- from   line 1: rename products.sku -> stock_number
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_products_shelf_place_key_1e21f638') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_products_shelf_place_key_1e21f638;
CREATE UNIQUE INDEX CONCURRENTLY segue_products_shelf_place_key_1e21f638 ON public.products (shelf, slot) WITH (fillfactor = '80');
\endif

-- ── 3.5  Build public.segue_products_sku_key_f8d67565 ──
-- why    as products_sku_key, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.products
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_products_sku_key_f8d67565;
-- from   line 1: rename products.sku -> stock_number
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_products_sku_key_f8d67565') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_products_sku_key_f8d67565;
CREATE UNIQUE INDEX CONCURRENTLY segue_products_sku_key_f8d67565 ON public.products (stock_number);
\endif

-- ── 3.6  Make public.segue_products_ean_key_e618d664 deferrable ──
-- why    as the old one is: transactions that swap values must not fail
-- locks  ACCESS EXCLUSIVE on public.products, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.products DROP CONSTRAINT IF EXISTS segue_products_ean_key_e618d664;
-- from   line 1: rename products.sku -> stock_number
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'segue_products_ean_key_e618d664') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.products ADD CONSTRAINT segue_products_ean_key_e618d664 UNIQUE USING INDEX segue_products_ean_key_e618d664 DEFERRABLE INITIALLY DEFERRED;
COMMIT;
\endif

-- ── 3.7  Add 4 constraints to public.products ──
-- why    that stock_number is sku is proven, and stays so; that barcode is ean is proven, and stays
--        so; that slot is place is proven, and stays so; stock_number may not be NULL any more; NOT
--        VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.products, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.products DROP CONSTRAINT IF EXISTS segue_stock_number_is_sku_8f0bce8c;
--        …
-- from   line 1: rename products.sku -> stock_number
-- from   line 2: rename products.ean -> barcode
-- from   line 3: rename products.place -> slot
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'segue_stock_number_is_sku_8f0bce8c')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'segue_barcode_is_ean_3f79453d')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'segue_slot_is_place_1eb6b99c')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'segue_stock_number_not_null_5feeee35') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.products
  ADD CONSTRAINT segue_stock_number_is_sku_8f0bce8c CHECK (NOT pg_catalog.record_image_ne(ROW(sku), ROW(stock_number))) NOT VALID,
  ADD CONSTRAINT segue_barcode_is_ean_3f79453d CHECK (NOT pg_catalog.record_image_ne(ROW(ean), ROW(barcode))) NOT VALID,
  ADD CONSTRAINT segue_slot_is_place_1eb6b99c CHECK (NOT pg_catalog.record_image_ne(ROW(place), ROW(slot))) NOT VALID,
  ADD CONSTRAINT segue_stock_number_not_null_5feeee35 CHECK (stock_number IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.8  Validate public.products ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.products
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename products.sku -> stock_number
-- from   line 2: rename products.ean -> barcode
-- from   line 3: rename products.place -> slot
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'segue_stock_number_is_sku_8f0bce8c' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'segue_barcode_is_ean_3f79453d' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'segue_slot_is_place_1eb6b99c' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.products') AND conname = 'segue_stock_number_not_null_5feeee35' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.products
  VALIDATE CONSTRAINT segue_stock_number_is_sku_8f0bce8c,
  VALIDATE CONSTRAINT segue_barcode_is_ean_3f79453d,
  VALIDATE CONSTRAINT segue_slot_is_place_1eb6b99c,
  VALIDATE CONSTRAINT segue_stock_number_not_null_5feeee35;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
