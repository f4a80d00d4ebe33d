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

SELECT segue.enter('input', '', 2, 'c0d3d3457584490157b52651e6eec1ad67b20aabf8efa9eb5f66cb9ed7d4fdd1') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Say how public.orders.state becomes public.order_state_2 ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_orders_state_map_d72187b4(public.order_state);
--        DROP FUNCTION IF EXISTS
--        segue.segue_public_orders_state_fails_31600ebb(public.order_state);
-- from   line 1: retype orders.state -> order_state_2
SELECT pg_catalog.to_regprocedure('segue.segue_public_orders_state_map_d72187b4(public.order_state)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_orders_state_fails_31600ebb(public.order_state)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_orders_state_map_d72187b4(public.order_state) RETURNS public.order_state_2
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres'
  SET extra_float_digits = 1 SET bytea_output = 'hex' SET lc_monetary FROM CURRENT AS $segue$
<<segue_row>>
DECLARE
  "state" CONSTANT public.order_state := $1;
  segue_new public.order_state_2;
BEGIN
  segue_new := (CASE segue_row.state WHEN 'lost' THEN 'done' ELSE segue_row.state::text END::order_state_2);
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_state_map_d72187b4(public.order_state) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_state_fails_31600ebb(public.order_state) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres'
  SET extra_float_digits = 1 SET bytea_output = 'hex' SET lc_monetary FROM CURRENT AS $segue$
<<segue_row>>
DECLARE
  "state" CONSTANT public.order_state := $1;
  segue_new public.order_state_2;
BEGIN
  segue_new := (CASE segue_row.state WHEN 'lost' THEN 'done' ELSE segue_row.state::text END::order_state_2);
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_state_fails_31600ebb(public.order_state) TO PUBLIC;
COMMIT;
\endif

-- ── 2.2  Dual-write on public.orders ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_orders_2c7648f1 ON public.orders; DROP
--        FUNCTION IF EXISTS segue.segue_public_orders_sync_da326514();
-- from   line 1: retype orders.state -> order_state_2
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.orders') AND tgname = 'zz_segue_sync_segue_public_orders_2c7648f1' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_orders_sync_da326514() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- state and its copy of the new type say the same
  IF pg_catalog.record_image_ne(ROW(NEW.segue_state_as_public_order_state_2_c7d29440), ROW(segue.segue_public_orders_state_map_d72187b4(NEW.state))) THEN
    NEW.segue_state_as_public_order_state_2_c7d29440 := segue.segue_public_orders_state_map_d72187b4(NEW.state);
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_sync_segue_public_orders_2c7648f1');
CREATE TRIGGER zz_segue_sync_segue_public_orders_2c7648f1 BEFORE INSERT OR UPDATE ON public.orders
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(NEW.segue_state_as_public_order_state_2_c7d29440), ROW(segue.segue_public_orders_state_map_d72187b4(NEW.state))))
  EXECUTE FUNCTION segue.segue_public_orders_sync_da326514();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_orders_2c7648f1;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
