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

SELECT segue.enter('input', '', 2, 'c5e09f5ee4e19aa7a9131c6aa9647813800c0c5818db43e7be8a9deb1321d40a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.orders ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_orders_2c7648f1 ON public.orders; …
-- from   line 1: rename orders.no -> order_number
-- from   line 2: rename orders.line -> position
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.orders') AND tgname = 'zz_segue_sync_segue_public_orders_2c7648f1' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_orders_order_number_null_function_dc388db6() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.no := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_null_segue_public_orders_order_number_null_6e5a91d6');
CREATE TRIGGER zz_segue_null_segue_public_orders_order_number_null_6e5a91d6 BEFORE UPDATE OF order_number ON public.orders
  FOR EACH ROW WHEN (NEW.order_number IS NULL AND OLD.order_number IS NULL AND NEW.no IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.no), ROW(NEW.no)))
  EXECUTE FUNCTION segue.segue_public_orders_order_number_null_function_dc388db6();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_orders_order_number_null_6e5a91d6;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_position_null_function_61d5a1f9() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.line := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_null_segue_public_orders_position_null_aec31537');
CREATE TRIGGER zz_segue_null_segue_public_orders_position_null_aec31537 BEFORE UPDATE OF "position" ON public.orders
  FOR EACH ROW WHEN (NEW."position" IS NULL AND OLD."position" IS NULL AND NEW.line IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.line), ROW(NEW.line)))
  EXECUTE FUNCTION segue.segue_public_orders_position_null_function_61d5a1f9();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_orders_position_null_aec31537;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_sync_da326514() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- no and order_number say the same; where both changed, the new one wins
  IF (NEW.no OPERATOR(pg_catalog.=) NEW.order_number
      OR (NEW.no IS NULL AND NEW.order_number IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.order_number IS NOT NULL THEN
        NEW.no := NEW.order_number;
      ELSE
        NEW.order_number := NEW.no;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.order_number), ROW(NEW.order_number)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.no), ROW(NEW.no)) THEN
        PERFORM segue.note_disagreement('input', 'public.orders', 'no, order_number');
      END IF;
      NEW.no := NEW.order_number;
    ELSE
      NEW.order_number := NEW.no;
    END IF;
  END IF;
  -- line and "position" say the same; where both changed, the new one wins
  IF (NEW.line OPERATOR(pg_catalog.=) NEW."position"
      OR (NEW.line IS NULL AND NEW."position" IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW."position" IS NOT NULL THEN
        NEW.line := NEW."position";
      ELSE
        NEW."position" := NEW.line;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD."position"), ROW(NEW."position")) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.line), ROW(NEW.line)) THEN
        PERFORM segue.note_disagreement('input', 'public.orders', 'line, position');
      END IF;
      NEW.line := NEW."position";
    ELSE
      NEW."position" := NEW.line;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_sync_segue_public_orders_2c7648f1');
CREATE TRIGGER zz_segue_sync_segue_public_orders_2c7648f1 BEFORE INSERT OR UPDATE ON public.orders
  FOR EACH ROW WHEN (((NEW.no OPERATOR(pg_catalog.=) NEW.order_number
      OR (NEW.no IS NULL AND NEW.order_number IS NULL)) IS NOT TRUE)
    OR ((NEW.line OPERATOR(pg_catalog.=) NEW."position"
      OR (NEW.line IS NULL AND NEW."position" IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_orders_sync_da326514();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_orders_2c7648f1;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
