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

SELECT segue.enter('input', '', 4, 'f841a3ad71de1053991ceb19770bd527a0f78cc54a47db6f76178d19070ba271') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- The dual-write triggers keep what a look finds: none may be altered behind it.
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_null_segue_public_orders_amount_null_54cf2086',
           'zz_segue_null_segue_public_orders_currency_null_b016dcab',
           'zz_segue_sync_segue_public_orders_2c7648f1')) AS segue_triggers_4_2 \gset

-- ── 4.1  Look once more whether price and (amount, currency) say the same in public.orders ──
-- why    no CHECK proves it, and a look under the lock that drops what is old would stop the
--        application: so the rows are read here, beside the traffic; from then on the dual-write
--        triggers, which fire ALWAYS, keep what was found
-- locks  ACCESS SHARE on public.orders
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: split orders.price ->
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'price' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(price::text, 60), pg_catalog.left(amount::text, 60), pg_catalog.left(currency::text, 60) FROM public.orders WHERE (pg_catalog.record_image_ne(ROW(amount, currency), ROW(segue.segue_public_orders_to_amount_7d8b8ee6(price), segue.segue_public_orders_to_currency_7abce059(price))) OR segue.segue_public_orders_fails_for_price_d841989e(price)) AND pg_catalog.record_image_ne(ROW(price), ROW(segue.segue_public_orders_back_to_price_b27ebe30(amount, currency, price)))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.orders break the promise that price and (amount, currency) say the same'
      USING DETAIL = found, HINT = '`=` cannot convert a value, or something writes past the dual-write triggers: see that it stops, mend these rows, then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.2  Contract public.orders ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: split orders.price ->
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'price' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
-- psql asks whether a trigger was altered since the rows were looked at; segue does it itself
LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE;
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_null_segue_public_orders_amount_null_54cf2086',
           'zz_segue_null_segue_public_orders_currency_null_b016dcab',
           'zz_segue_sync_segue_public_orders_2c7648f1')) <> :'segue_triggers_4_2' AS segue_altered \gset
\if :segue_altered
DO $segue$
BEGIN
  RAISE EXCEPTION '%', 'a dual-write trigger of public.orders was altered since the rows were looked at'
    USING HINT = 'Nothing was taken away. Find out who altered it; run this file again, which looks at all rows again.';
END
$segue$;
\endif
LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_orders_2c7648f1 ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_sync_da326514();
DROP FUNCTION IF EXISTS segue.segue_public_orders_fails_for_price_d841989e(character varying(40));
DROP FUNCTION IF EXISTS segue.segue_public_orders_to_amount_7d8b8ee6(character varying(40));
DROP FUNCTION IF EXISTS segue.segue_public_orders_to_currency_7abce059(character varying(40));
DROP FUNCTION IF EXISTS segue.segue_public_orders_back_to_price_b27ebe30(numeric(10,2), varchar(3), character varying(40));
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_orders_amount_null_54cf2086 ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_amount_null_function_ddfc2c86();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_orders_currency_null_b016dcab ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_currency_null_function_213c7dd5();
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.orders DROP COLUMN IF EXISTS price RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
