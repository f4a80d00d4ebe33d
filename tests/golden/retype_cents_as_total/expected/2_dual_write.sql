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

SELECT segue.enter('input', '', 2, 'f7569ef65bfaba20ee918bffda65bc9ec2cf12ffc71699d0bf3c11cd0f20af8a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Say how public.orders.total_cents becomes numeric(18,2) ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_orders_total_cents_map_f1a6170f(integer); DROP
--        FUNCTION IF EXISTS segue.segue_public_orders_total_cents_fails_657c20d8(integer);
-- from   line 1: retype orders.total_cents -> numeric(18,2) as total
SELECT pg_catalog.to_regprocedure('segue.segue_public_orders_total_cents_map_f1a6170f(integer)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_orders_total_cents_fails_657c20d8(integer)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_orders_total_cents_map_f1a6170f(integer) RETURNS numeric(18,2)
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "total_cents" CONSTANT integer := $1;
  segue_new numeric(18,2);
BEGIN
  segue_new := (segue_row.total_cents / 100.0);
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_total_cents_map_f1a6170f(integer) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_total_cents_fails_657c20d8(integer) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "total_cents" CONSTANT integer := $1;
  segue_new numeric(18,2);
BEGIN
  segue_new := (segue_row.total_cents / 100.0);
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_total_cents_fails_657c20d8(integer) TO PUBLIC;
COMMIT;
\endif

-- ── 2.2  Say how public.orders.tip_cents becomes numeric(10,2) ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_orders_tip_cents_map_6893388c(integer); DROP
--        FUNCTION IF EXISTS segue.segue_public_orders_tip_cents_fails_4c66f5a3(integer);
-- from   line 7: retype orders.tip_cents -> numeric(10,2) as tip
SELECT pg_catalog.to_regprocedure('segue.segue_public_orders_tip_cents_map_6893388c(integer)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_orders_tip_cents_fails_4c66f5a3(integer)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_orders_tip_cents_map_6893388c(integer) RETURNS numeric(10,2)
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "tip_cents" CONSTANT integer := $1;
  segue_new numeric(10,2);
BEGIN
  segue_new := (segue_row.tip_cents / 100.0);
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_tip_cents_map_6893388c(integer) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_tip_cents_fails_4c66f5a3(integer) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "tip_cents" CONSTANT integer := $1;
  segue_new numeric(10,2);
BEGIN
  segue_new := (segue_row.tip_cents / 100.0);
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_tip_cents_fails_4c66f5a3(integer) TO PUBLIC;
COMMIT;
\endif

-- ── 2.3  Dual-write on public.orders ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_orders_2c7648f1 ON public.orders; …
-- from   line 1: retype orders.total_cents -> numeric(18,2) as total
-- from   line 7: retype orders.tip_cents -> numeric(10,2) as tip
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.orders') AND tgname = 'zz_segue_sync_segue_public_orders_2c7648f1' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_orders_total_null_function_62db6a9a() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.total_cents := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_null_segue_public_orders_total_null_115e9522');
CREATE TRIGGER zz_segue_null_segue_public_orders_total_null_115e9522 BEFORE UPDATE OF total ON public.orders
  FOR EACH ROW WHEN (NEW.total IS NULL AND OLD.total IS NULL AND NEW.total_cents IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.total_cents), ROW(NEW.total_cents))
    AND (segue.segue_public_orders_total_cents_map_f1a6170f(NEW.total_cents)) IS NOT NULL)
  EXECUTE FUNCTION segue.segue_public_orders_total_null_function_62db6a9a();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_orders_total_null_115e9522;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_tip_null_function_9385ac09() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.tip_cents := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_null_segue_public_orders_tip_null_fc5054a7');
CREATE TRIGGER zz_segue_null_segue_public_orders_tip_null_fc5054a7 BEFORE UPDATE OF tip ON public.orders
  FOR EACH ROW WHEN (NEW.tip IS NULL AND OLD.tip IS NULL AND NEW.tip_cents IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.tip_cents), ROW(NEW.tip_cents))
    AND (segue.segue_public_orders_tip_cents_map_6893388c(NEW.tip_cents)) IS NOT NULL)
  EXECUTE FUNCTION segue.segue_public_orders_tip_null_function_9385ac09();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_orders_tip_null_fc5054a7;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_sync_da326514() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- total_cents and total say the same, each in its type; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.total), ROW(segue.segue_public_orders_total_cents_map_f1a6170f(NEW.total_cents))) OR NEW.total_cents IS NULL THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.total IS NOT NULL THEN
        NEW.total_cents := ((NEW.total * 100)::integer);
      ELSE
        NEW.total := segue.segue_public_orders_total_cents_map_f1a6170f(NEW.total_cents);
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.total), ROW(NEW.total)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.total_cents), ROW(NEW.total_cents)) THEN
        PERFORM segue.note_disagreement('input', 'public.orders', 'total_cents, total');
      END IF;
      NEW.total_cents := ((NEW.total * 100)::integer);
    ELSIF pg_catalog.record_image_ne(ROW(OLD.total_cents), ROW(NEW.total_cents)) OR NEW.total IS NULL THEN
      NEW.total := segue.segue_public_orders_total_cents_map_f1a6170f(NEW.total_cents);
    END IF;
  END IF;
  -- tip_cents and tip say the same, each in its type; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.tip), ROW(segue.segue_public_orders_tip_cents_map_6893388c(NEW.tip_cents))) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.tip IS NOT NULL THEN
        NEW.tip_cents := (coalesce((NEW.tip * 100)::integer, NEW.tip_cents));
      ELSE
        NEW.tip := segue.segue_public_orders_tip_cents_map_6893388c(NEW.tip_cents);
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.tip), ROW(NEW.tip)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.tip_cents), ROW(NEW.tip_cents)) THEN
        PERFORM segue.note_disagreement('input', 'public.orders', 'tip_cents, tip');
      END IF;
      NEW.tip_cents := (coalesce((NEW.tip * 100)::integer, NEW.tip_cents));
    ELSIF pg_catalog.record_image_ne(ROW(OLD.tip_cents), ROW(NEW.tip_cents)) OR NEW.tip IS NULL THEN
      NEW.tip := segue.segue_public_orders_tip_cents_map_6893388c(NEW.tip_cents);
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_sync_segue_public_orders_2c7648f1');
CREATE TRIGGER zz_segue_sync_segue_public_orders_2c7648f1 BEFORE INSERT OR UPDATE ON public.orders
  FOR EACH ROW WHEN ((pg_catalog.record_image_ne(ROW(NEW.total), ROW(segue.segue_public_orders_total_cents_map_f1a6170f(NEW.total_cents))) OR NEW.total_cents IS NULL)
    OR (pg_catalog.record_image_ne(ROW(NEW.tip), ROW(segue.segue_public_orders_tip_cents_map_6893388c(NEW.tip_cents)))))
  EXECUTE FUNCTION segue.segue_public_orders_sync_da326514();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_orders_2c7648f1;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
