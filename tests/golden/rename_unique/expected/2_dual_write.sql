-- input · phase 2 of 4: dual-write
--
-- when   after phase 1; before the release that writes what is new
-- apply  segue apply <this directory> --phase 2
--        or psql -v ON_ERROR_STOP=1 -f 2_dual_write.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

SELECT segue.enter('input', '', 2, '8996e67ffb15f671152bf187bb33a9bd9fcf1e0e5bd25df389ab88949173dbcd') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.products ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.products, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_products_8cc53774 ON public.products;
--        …
-- from   line 1: rename products.sku -> stock_number
-- from   line 2: rename products.ean -> barcode
-- from   line 3: rename products.place -> slot
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.products') AND tgname = 'zz_segue_sync_segue_public_products_8cc53774' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_products_stock_number_null_function_ac454637() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.sku := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.products', 'zz_segue_null_segue_public_products_stock_number_null_296359ad');
CREATE TRIGGER zz_segue_null_segue_public_products_stock_number_null_296359ad BEFORE UPDATE OF stock_number ON public.products
  FOR EACH ROW WHEN (NEW.stock_number IS NULL AND OLD.stock_number IS NULL AND NEW.sku IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.sku), ROW(NEW.sku)))
  EXECUTE FUNCTION segue.segue_public_products_stock_number_null_function_ac454637();
ALTER TABLE public.products ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_products_stock_number_null_296359ad;
CREATE OR REPLACE FUNCTION segue.segue_public_products_barcode_null_function_8410fd9d() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.ean := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.products', 'zz_segue_null_segue_public_products_barcode_null_c6397e43');
CREATE TRIGGER zz_segue_null_segue_public_products_barcode_null_c6397e43 BEFORE UPDATE OF barcode ON public.products
  FOR EACH ROW WHEN (NEW.barcode IS NULL AND OLD.barcode IS NULL AND NEW.ean IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.ean), ROW(NEW.ean)))
  EXECUTE FUNCTION segue.segue_public_products_barcode_null_function_8410fd9d();
ALTER TABLE public.products ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_products_barcode_null_c6397e43;
CREATE OR REPLACE FUNCTION segue.segue_public_products_slot_null_function_d60b8571() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.place := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.products', 'zz_segue_null_segue_public_products_slot_null_23ab62bf');
CREATE TRIGGER zz_segue_null_segue_public_products_slot_null_23ab62bf BEFORE UPDATE OF slot ON public.products
  FOR EACH ROW WHEN (NEW.slot IS NULL AND OLD.slot IS NULL AND NEW.place IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.place), ROW(NEW.place)))
  EXECUTE FUNCTION segue.segue_public_products_slot_null_function_d60b8571();
ALTER TABLE public.products ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_products_slot_null_23ab62bf;
CREATE OR REPLACE FUNCTION segue.segue_public_products_sync_d17e1fdf() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- sku and stock_number say the same; where both changed, the new one wins
  IF (NEW.sku OPERATOR(pg_catalog.=) NEW.stock_number
      OR (NEW.sku IS NULL AND NEW.stock_number IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.stock_number IS NOT NULL THEN
        NEW.sku := NEW.stock_number;
      ELSE
        NEW.stock_number := NEW.sku;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.stock_number), ROW(NEW.stock_number)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.sku), ROW(NEW.sku)) THEN
        PERFORM segue.note_disagreement('input', 'public.products', 'sku, stock_number');
      END IF;
      NEW.sku := NEW.stock_number;
    ELSE
      NEW.stock_number := NEW.sku;
    END IF;
  END IF;
  -- ean and barcode say the same; where both changed, the new one wins
  IF (NEW.ean OPERATOR(pg_catalog.=) NEW.barcode
      OR (NEW.ean IS NULL AND NEW.barcode IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.barcode IS NOT NULL THEN
        NEW.ean := NEW.barcode;
      ELSE
        NEW.barcode := NEW.ean;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.barcode), ROW(NEW.barcode)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.ean), ROW(NEW.ean)) THEN
        PERFORM segue.note_disagreement('input', 'public.products', 'ean, barcode');
      END IF;
      NEW.ean := NEW.barcode;
    ELSE
      NEW.barcode := NEW.ean;
    END IF;
  END IF;
  -- place and slot say the same; where both changed, the new one wins
  IF (NEW.place OPERATOR(pg_catalog.=) NEW.slot
      OR (NEW.place IS NULL AND NEW.slot IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.slot IS NOT NULL THEN
        NEW.place := NEW.slot;
      ELSE
        NEW.slot := NEW.place;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.slot), ROW(NEW.slot)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.place), ROW(NEW.place)) THEN
        PERFORM segue.note_disagreement('input', 'public.products', 'place, slot');
      END IF;
      NEW.place := NEW.slot;
    ELSE
      NEW.slot := NEW.place;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.products', 'zz_segue_sync_segue_public_products_8cc53774');
CREATE TRIGGER zz_segue_sync_segue_public_products_8cc53774 BEFORE INSERT OR UPDATE ON public.products
  FOR EACH ROW WHEN (((NEW.sku OPERATOR(pg_catalog.=) NEW.stock_number
      OR (NEW.sku IS NULL AND NEW.stock_number IS NULL)) IS NOT TRUE)
    OR ((NEW.ean OPERATOR(pg_catalog.=) NEW.barcode
      OR (NEW.ean IS NULL AND NEW.barcode IS NULL)) IS NOT TRUE)
    OR ((NEW.place OPERATOR(pg_catalog.=) NEW.slot
      OR (NEW.place IS NULL AND NEW.slot IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_products_sync_d17e1fdf();
ALTER TABLE public.products ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_products_8cc53774;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
