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

SELECT segue.enter('input', '', 2, 'f841a3ad71de1053991ceb19770bd527a0f78cc54a47db6f76178d19070ba271') AS segue_contracted \gset
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
-- from   line 1: split orders.price ->
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.orders') AND tgname = 'zz_segue_sync_segue_public_orders_2c7648f1' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_orders_fails_for_price_d841989e(price character varying(40)) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
DECLARE
  segue_value_1 numeric(10,2);
  segue_value_2 varchar(3);
BEGIN
  segue_value_1 := (split_part(btrim(segue_public_orders_fails_for_price_d841989e.price), ' ', 1)::numeric);
  segue_value_2 := (split_part(btrim(segue_public_orders_fails_for_price_d841989e.price), ' ', 2));
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_fails_for_price_d841989e(character varying(40)) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_to_amount_7d8b8ee6(price character varying(40)) RETURNS numeric(10,2)
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
DECLARE
  segue_value numeric(10,2);
BEGIN
  BEGIN
    segue_value := (split_part(btrim(segue_public_orders_to_amount_7d8b8ee6.price), ' ', 1)::numeric);
  EXCEPTION WHEN OTHERS THEN
    segue_value := NULL;
  END;
  RETURN segue_value;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_to_amount_7d8b8ee6(character varying(40)) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_to_currency_7abce059(price character varying(40)) RETURNS varchar(3)
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
DECLARE
  segue_value varchar(3);
BEGIN
  BEGIN
    segue_value := (split_part(btrim(segue_public_orders_to_currency_7abce059.price), ' ', 2));
  EXCEPTION WHEN OTHERS THEN
    segue_value := NULL;
  END;
  RETURN segue_value;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_to_currency_7abce059(character varying(40)) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_back_to_price_b27ebe30(amount numeric(10,2), currency varchar(3), price character varying(40)) RETURNS character varying(40)
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
DECLARE
  segue_value character varying(40);
BEGIN
  BEGIN
    segue_value := (segue_public_orders_back_to_price_b27ebe30.amount::text || ' ' || segue_public_orders_back_to_price_b27ebe30.currency);
  EXCEPTION WHEN OTHERS THEN
    segue_value := NULL;
  END;
  RETURN segue_value;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_back_to_price_b27ebe30(numeric(10,2), varchar(3), character varying(40)) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_amount_null_function_ddfc2c86() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  PERFORM pg_catalog.set_config('segue.segue_public_orders_amount_null_de183304', OLD::text, true);
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_null_segue_public_orders_amount_null_54cf2086');
CREATE TRIGGER zz_segue_null_segue_public_orders_amount_null_54cf2086 BEFORE UPDATE OF amount ON public.orders
  FOR EACH ROW WHEN (NEW.amount IS NULL AND OLD.amount IS NULL AND OLD.currency IS NULL AND (OLD.price IS NOT NULL)
    AND NOT pg_catalog.record_image_ne(ROW(OLD.price), ROW(NEW.price)))
  EXECUTE FUNCTION segue.segue_public_orders_amount_null_function_ddfc2c86();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_orders_amount_null_54cf2086;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_currency_null_function_213c7dd5() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  PERFORM pg_catalog.set_config('segue.segue_public_orders_currency_null_b9a4c65d', OLD::text, true);
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_null_segue_public_orders_currency_null_b016dcab');
CREATE TRIGGER zz_segue_null_segue_public_orders_currency_null_b016dcab BEFORE UPDATE OF currency ON public.orders
  FOR EACH ROW WHEN (NEW.currency IS NULL AND OLD.amount IS NULL AND OLD.currency IS NULL AND (OLD.price IS NOT NULL)
    AND NOT pg_catalog.record_image_ne(ROW(OLD.price), ROW(NEW.price)))
  EXECUTE FUNCTION segue.segue_public_orders_currency_null_function_213c7dd5();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_orders_currency_null_b016dcab;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_sync_da326514() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- price and (amount, currency) say the same; where both changed, the new side wins
  IF pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on' THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.amount IS NULL AND NEW.currency IS NULL THEN
        NEW.amount := segue.segue_public_orders_to_amount_7d8b8ee6(NEW.price);
        NEW.currency := segue.segue_public_orders_to_currency_7abce059(NEW.price);
      ELSE
        NEW.price := (NEW.amount::text || ' ' || NEW.currency);
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.amount, OLD.currency), ROW(NEW.amount, NEW.currency))
      OR (OLD.amount IS NULL AND OLD.currency IS NULL AND NOT pg_catalog.record_image_ne(ROW(OLD.price), ROW(NEW.price))
        AND (pg_catalog.current_setting('segue.segue_public_orders_amount_null_de183304', true) IS NOT DISTINCT FROM OLD::text
          OR pg_catalog.current_setting('segue.segue_public_orders_currency_null_b9a4c65d', true) IS NOT DISTINCT FROM OLD::text)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.price), ROW(NEW.price)) THEN
        PERFORM segue.note_disagreement('input', 'public.orders', 'amount, currency, price');
      END IF;
      -- a row that is not filled yet: what this write leaves out comes from the old side
      IF OLD.amount IS NULL AND OLD.currency IS NULL THEN
        IF NEW.amount IS NULL AND pg_catalog.current_setting('segue.segue_public_orders_amount_null_de183304', true) IS DISTINCT FROM OLD::text THEN
          NEW.amount := segue.segue_public_orders_to_amount_7d8b8ee6(OLD.price);
        END IF;
        IF NEW.currency IS NULL AND pg_catalog.current_setting('segue.segue_public_orders_currency_null_b9a4c65d', true) IS DISTINCT FROM OLD::text THEN
          NEW.currency := segue.segue_public_orders_to_currency_7abce059(OLD.price);
        END IF;
      END IF;
      NEW.price := (NEW.amount::text || ' ' || NEW.currency);
    ELSIF pg_catalog.record_image_ne(ROW(OLD.price), ROW(NEW.price))
      OR (NEW.amount IS NULL AND NEW.currency IS NULL) THEN
      NEW.amount := segue.segue_public_orders_to_amount_7d8b8ee6(NEW.price);
      NEW.currency := segue.segue_public_orders_to_currency_7abce059(NEW.price);
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_sync_segue_public_orders_2c7648f1');
CREATE TRIGGER zz_segue_sync_segue_public_orders_2c7648f1 BEFORE INSERT OR UPDATE ON public.orders
  FOR EACH ROW WHEN (pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_orders_sync_da326514();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_orders_2c7648f1;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
