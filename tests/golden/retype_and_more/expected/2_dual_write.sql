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

SELECT segue.enter('input', '', 2, 'a6486c3c8c6343d61da85a3c5072d330d0e96fb73a59f22b562c60a4355ed79a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Say how public.orders.state becomes public.order_state ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_orders_state_map_d72187b4(text); DROP FUNCTION
--        IF EXISTS segue.segue_public_orders_state_fails_31600ebb(text);
-- from   line 3: retype orders.state -> order_state
SELECT pg_catalog.to_regprocedure('segue.segue_public_orders_state_map_d72187b4(text)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_orders_state_fails_31600ebb(text)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_orders_state_map_d72187b4(text) RETURNS public.order_state
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "state" CONSTANT text := $1;
  segue_new public.order_state;
BEGIN
  segue_new := (nullif(segue_row.state, '')::order_state);
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_state_map_d72187b4(text) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_state_fails_31600ebb(text) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "state" CONSTANT text := $1;
  segue_new public.order_state;
BEGIN
  segue_new := (nullif(segue_row.state, '')::order_state);
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_orders_state_fails_31600ebb(text) TO PUBLIC;
COMMIT;
\endif

-- ── 2.2  Look for rows without public.orders.code ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.orders
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 6: require orders.code
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.orders WHERE code IS NULL
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.orders have no code'
      USING DETAIL = found, HINT = 'give them a value, or say `backfill …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 2.3  Say how public.lines.amount becomes numeric(12,2) ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_lines_amount_map_9fb4d14d(integer); DROP
--        FUNCTION IF EXISTS segue.segue_public_lines_amount_fails_53eba61e(integer);
-- from   line 14: retype lines.amount -> numeric(12,2)
SELECT pg_catalog.to_regprocedure('segue.segue_public_lines_amount_map_9fb4d14d(integer)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_lines_amount_fails_53eba61e(integer)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_lines_amount_map_9fb4d14d(integer) RETURNS numeric(12,2)
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "amount" CONSTANT integer := $1;
  segue_new numeric(12,2);
BEGIN
  segue_new := segue_row.amount;
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_lines_amount_map_9fb4d14d(integer) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_lines_amount_fails_53eba61e(integer) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "amount" CONSTANT integer := $1;
  segue_new numeric(12,2);
BEGIN
  segue_new := segue_row.amount;
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_lines_amount_fails_53eba61e(integer) TO PUBLIC;
COMMIT;
\endif

-- ── 2.4  Dual-write on public.customers ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.customers, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_customers_88f45b71 ON public.customers;
--        DROP FUNCTION IF EXISTS segue.segue_public_customers_sync_56dbfc94();
-- from   line 10: widen customers.number -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.customers') AND tgname = 'zz_segue_sync_segue_public_customers_88f45b71' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_customers_sync_56dbfc94() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- number and its copy of the new type say the same
  IF (NEW.segue_number_as_bigint_37952029 OPERATOR(pg_catalog.=) NEW.number::bigint
      OR (NEW.segue_number_as_bigint_37952029 IS NULL AND NEW.number::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_number_as_bigint_37952029 := NEW.number::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.customers', 'zz_segue_sync_segue_public_customers_88f45b71');
CREATE TRIGGER zz_segue_sync_segue_public_customers_88f45b71 BEFORE INSERT OR UPDATE ON public.customers
  FOR EACH ROW WHEN ((NEW.segue_number_as_bigint_37952029 OPERATOR(pg_catalog.=) NEW.number::bigint
      OR (NEW.segue_number_as_bigint_37952029 IS NULL AND NEW.number::bigint IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_customers_sync_56dbfc94();
ALTER TABLE public.customers ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_customers_88f45b71;
COMMIT;
\endif

-- ── 2.5  Dual-write on public.lines ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.lines, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_lines_867334eb ON public.lines; DROP
--        FUNCTION IF EXISTS segue.segue_public_lines_sync_dab9806e();
-- from   line 11: retype lines.place -> bigint
-- from   line 14: retype lines.amount -> numeric(12,2)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.lines') AND tgname = 'zz_segue_sync_segue_public_lines_867334eb' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_lines_sync_dab9806e() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- place and its copy of the new type say the same
  IF (NEW.segue_place_as_bigint_4d484cb1 OPERATOR(pg_catalog.=) NEW.place::bigint
      OR (NEW.segue_place_as_bigint_4d484cb1 IS NULL AND NEW.place::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_place_as_bigint_4d484cb1 := NEW.place::bigint;
  END IF;
  -- amount and its copy of the new type say the same
  IF pg_catalog.record_image_ne(ROW(NEW.segue_amount_as_numeric_12_2__56e790d6), ROW(segue.segue_public_lines_amount_map_9fb4d14d(NEW.amount))) THEN
    NEW.segue_amount_as_numeric_12_2__56e790d6 := segue.segue_public_lines_amount_map_9fb4d14d(NEW.amount);
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.lines', 'zz_segue_sync_segue_public_lines_867334eb');
CREATE TRIGGER zz_segue_sync_segue_public_lines_867334eb BEFORE INSERT OR UPDATE ON public.lines
  FOR EACH ROW WHEN (((NEW.segue_place_as_bigint_4d484cb1 OPERATOR(pg_catalog.=) NEW.place::bigint
      OR (NEW.segue_place_as_bigint_4d484cb1 IS NULL AND NEW.place::bigint IS NULL)) IS NOT TRUE)
    OR (pg_catalog.record_image_ne(ROW(NEW.segue_amount_as_numeric_12_2__56e790d6), ROW(segue.segue_public_lines_amount_map_9fb4d14d(NEW.amount)))))
  EXECUTE FUNCTION segue.segue_public_lines_sync_dab9806e();
ALTER TABLE public.lines ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_lines_867334eb;
COMMIT;
\endif

-- ── 2.6  Dual-write on public.orders ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_orders_2c7648f1 ON public.orders; DROP
--        FUNCTION IF EXISTS segue.segue_public_orders_sync_da326514();
-- from   line 3: retype orders.state -> order_state
-- from   line 8: retype orders."Customer ""id""" -> bigint
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
  IF pg_catalog.record_image_ne(ROW(NEW.segue_state_as_public_order_state_d75650d9), ROW(segue.segue_public_orders_state_map_d72187b4(NEW.state))) THEN
    NEW.segue_state_as_public_order_state_d75650d9 := segue.segue_public_orders_state_map_d72187b4(NEW.state);
  END IF;
  -- "Customer ""id""" and its copy of the new type say the same
  IF (NEW.segue_customer_id_as_bigint_f03d4c75 OPERATOR(pg_catalog.=) NEW."Customer ""id"""::bigint
      OR (NEW.segue_customer_id_as_bigint_f03d4c75 IS NULL AND NEW."Customer ""id"""::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_customer_id_as_bigint_f03d4c75 := NEW."Customer ""id"""::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_sync_segue_public_orders_2c7648f1');
CREATE TRIGGER zz_segue_sync_segue_public_orders_2c7648f1 BEFORE INSERT OR UPDATE ON public.orders
  FOR EACH ROW WHEN ((pg_catalog.record_image_ne(ROW(NEW.segue_state_as_public_order_state_d75650d9), ROW(segue.segue_public_orders_state_map_d72187b4(NEW.state))))
    OR ((NEW.segue_customer_id_as_bigint_f03d4c75 OPERATOR(pg_catalog.=) NEW."Customer ""id"""::bigint
      OR (NEW.segue_customer_id_as_bigint_f03d4c75 IS NULL AND NEW."Customer ""id"""::bigint IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_orders_sync_da326514();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_orders_2c7648f1;
COMMIT;
\endif

-- ── 2.7  Add segue_code_not_null_7e29a94c to public.orders ──
-- why    code may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_code_not_null_7e29a94c;
-- from   line 6: require orders.code
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_code_not_null_7e29a94c') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  ADD CONSTRAINT segue_code_not_null_7e29a94c CHECK (code IS NOT NULL) NOT VALID;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
