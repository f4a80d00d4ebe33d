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

SELECT segue.enter('input', '', 4, 'cf27e42f090c1687f632ee9f05fc318ceb7791d768c82db39e54ddc6bc972d01') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- The dual-write triggers keep what a look finds: none may be altered behind it.
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_gone_segue_app_orders_ship_to_deleted_there_5a0a4111',
           'zz_segue_gone_segue_app_orders_ship_to_key_changed_there_792c9b',
           'zz_segue_move_segue_app_orders_ship_to_emptied_8aa690fe',
           'zz_segue_move_segue_app_orders_ship_to_fetches_again_44c0fa62',
           'zz_segue_move_segue_app_orders_ship_to_fetches_d3dc1a76',
           'zz_segue_move_segue_app_orders_ship_to_given_52cead17',
           'zz_segue_move_segue_app_orders_ship_to_set_8273aada',
           'zz_segue_null_segue_public_shipments_grams_null_97ddacee',
           'zz_segue_settle_segue_app_orders_ship_to_target_settles_866d218',
           'zz_segue_sync_segue_public_shipments_30bc2dbb')) AS segue_triggers_4_4 \gset
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_gone_segue_app_orders_ship_to_deleted_393a44b3',
           'zz_segue_gone_segue_app_orders_ship_to_deleted_there_5a0a4111',
           'zz_segue_gone_segue_app_orders_ship_to_key_changed_230fb7f9',
           'zz_segue_gone_segue_app_orders_ship_to_key_changed_there_792c9b',
           'zz_segue_move_segue_app_orders_ship_to_emptied_8aa690fe',
           'zz_segue_move_segue_app_orders_ship_to_fetches_again_44c0fa62',
           'zz_segue_move_segue_app_orders_ship_to_fetches_d3dc1a76',
           'zz_segue_move_segue_app_orders_ship_to_given_52cead17',
           'zz_segue_move_segue_app_orders_ship_to_named_a97768bf',
           'zz_segue_move_segue_app_orders_ship_to_set_8273aada',
           'zz_segue_move_segue_app_orders_ship_to_takes_503e7ac6',
           'zz_segue_move_segue_app_orders_ship_to_updated_11ffa955',
           'zz_segue_null_segue_public_shipments_grams_null_97ddacee',
           'zz_segue_settle_segue_app_orders_ship_to_source_settles_7fc90c8',
           'zz_segue_settle_segue_app_orders_ship_to_target_settles_866d218',
           'zz_segue_sync_segue_public_shipments_30bc2dbb')) AS segue_triggers_4_6 \gset

-- ── 4.1  Look once more for values of app."Orders"."Ship To" that have nowhere to go ──
-- why    no CHECK can hold a promise over two tables, and a look at all rows under the lock that
--        drops the column would stop both releases: so the rows are read in short pieces beside the
--        traffic, and the triggers keep what was found until the column goes
-- locks  ACCESS SHARE on app."Orders"
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: move app."Orders"."Ship To" -> shipments.destination
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('app."Orders"') AND attname = 'Ship To' AND NOT attisdropped) AS segue_done \gset
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
SELECT region::text, number::text FROM app."Orders" WHERE "Orders"."Ship To" IS NOT NULL AND NOT EXISTS (SELECT FROM public.shipments AS segue_target WHERE segue_target.order_number = "Orders".number AND segue_target.order_region = "Orders".region)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of app."Orders" hold values of "Ship To" that have no row of public.shipments to go to'
      USING DETAIL = found, HINT = 'insert their rows into public.shipments, or set "Ship To" to NULL; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.2  Look once more whether public.shipments.destination is as app."Orders"."Ship To" ──
-- why    no CHECK can hold a promise over two tables, and a look at all rows under the lock that
--        drops the column would stop both releases: so the rows are read in short pieces beside the
--        traffic, and the triggers keep what was found until the column goes
-- locks  ACCESS SHARE on public.shipments
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: move app."Orders"."Ship To" -> shipments.destination
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('app."Orders"') AND attname = 'Ship To' AND NOT attisdropped) AS segue_done \gset
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
SELECT id::text FROM public.shipments WHERE EXISTS (SELECT FROM app."Orders" AS segue_source WHERE segue_source.number = shipments.order_number AND segue_source.region = shipments.order_region AND pg_catalog.record_image_ne(ROW(segue_source."Ship To"), ROW(shipments.destination))) AND NOT EXISTS (SELECT FROM segue.segue_app_orders_ship_to_owed_8c7a5629 AS segue_owed WHERE segue_owed.key_1 = shipments.order_number AND segue_owed.key_2 = shipments.order_region)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.shipments do not hold in destination what their rows of app."Orders" hold in "Ship To"'
      USING DETAIL = found, HINT = 'write the right value into destination of these rows; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.3  Look for rows without public.shipments.destination ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.shipments
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 4: require shipments.destination
SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.shipments') AND attname = 'destination' AND NOT attisdropped AND attnotnull) AS segue_done \gset
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
SELECT id::text FROM public.shipments WHERE destination IS NULL
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.shipments have no destination'
      USING DETAIL = found, HINT = 'give them a value; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.4  Add segue_destination_not_null_adbede5d to public.shipments ──
-- why    destination may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.shipments, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 4: require shipments.destination
SELECT (EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.shipments') AND conname = 'segue_destination_not_null_adbede5d')
    OR EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.shipments') AND attname = 'destination' AND NOT attisdropped AND attnotnull)) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
-- psql asks whether a trigger was altered since the rows were looked at; segue does it itself
LOCK TABLE public.shipments IN ACCESS EXCLUSIVE MODE;
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_gone_segue_app_orders_ship_to_deleted_there_5a0a4111',
           'zz_segue_gone_segue_app_orders_ship_to_key_changed_there_792c9b',
           'zz_segue_move_segue_app_orders_ship_to_emptied_8aa690fe',
           'zz_segue_move_segue_app_orders_ship_to_fetches_again_44c0fa62',
           'zz_segue_move_segue_app_orders_ship_to_fetches_d3dc1a76',
           'zz_segue_move_segue_app_orders_ship_to_given_52cead17',
           'zz_segue_move_segue_app_orders_ship_to_set_8273aada',
           'zz_segue_null_segue_public_shipments_grams_null_97ddacee',
           'zz_segue_settle_segue_app_orders_ship_to_target_settles_866d218',
           'zz_segue_sync_segue_public_shipments_30bc2dbb')) <> :'segue_triggers_4_4' AS segue_altered \gset
\if :segue_altered
DO $segue$
BEGIN
  RAISE EXCEPTION '%', 'a dual-write trigger of public.shipments was altered since the rows were looked at'
    USING HINT = 'Nothing was taken away. Find out who altered it; run this file again, which looks at all rows again.';
END
$segue$;
\endif
ALTER TABLE public.shipments
  ADD CONSTRAINT segue_destination_not_null_adbede5d CHECK (destination IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 4.5  Validate public.shipments ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.shipments
-- scans  reads the table
-- undo   none: forward fix, as a new change
-- from   line 4: require shipments.destination
SELECT (EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.shipments') AND conname = 'segue_destination_not_null_adbede5d' AND convalidated)
    OR EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.shipments') AND attname = 'destination' AND NOT attisdropped AND attnotnull)) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.shipments
  VALIDATE CONSTRAINT segue_destination_not_null_adbede5d;
COMMIT;
\endif

-- ── 4.6  Contract app."Orders", public.shipments ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on app."Orders", ACCESS EXCLUSIVE on public.shipments, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: move app."Orders"."Ship To" -> shipments.destination
-- from   line 4: require shipments.destination
-- from   line 8: rename shipments.weight -> grams
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('app."Orders"') AND attname = 'Ship To' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.shipments') AND attname = 'weight' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.shipments') AND attname = 'destination' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.shipments') AND conname = 'segue_destination_not_null_adbede5d') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
-- psql asks whether a trigger was altered since the rows were looked at; segue does it itself
LOCK TABLE app."Orders", public.shipments IN ACCESS EXCLUSIVE MODE;
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_gone_segue_app_orders_ship_to_deleted_393a44b3',
           'zz_segue_gone_segue_app_orders_ship_to_deleted_there_5a0a4111',
           'zz_segue_gone_segue_app_orders_ship_to_key_changed_230fb7f9',
           'zz_segue_gone_segue_app_orders_ship_to_key_changed_there_792c9b',
           'zz_segue_move_segue_app_orders_ship_to_emptied_8aa690fe',
           'zz_segue_move_segue_app_orders_ship_to_fetches_again_44c0fa62',
           'zz_segue_move_segue_app_orders_ship_to_fetches_d3dc1a76',
           'zz_segue_move_segue_app_orders_ship_to_given_52cead17',
           'zz_segue_move_segue_app_orders_ship_to_named_a97768bf',
           'zz_segue_move_segue_app_orders_ship_to_set_8273aada',
           'zz_segue_move_segue_app_orders_ship_to_takes_503e7ac6',
           'zz_segue_move_segue_app_orders_ship_to_updated_11ffa955',
           'zz_segue_null_segue_public_shipments_grams_null_97ddacee',
           'zz_segue_settle_segue_app_orders_ship_to_source_settles_7fc90c8',
           'zz_segue_settle_segue_app_orders_ship_to_target_settles_866d218',
           'zz_segue_sync_segue_public_shipments_30bc2dbb')) <> :'segue_triggers_4_6' AS segue_altered \gset
\if :segue_altered
DO $segue$
BEGIN
  RAISE EXCEPTION '%', 'a dual-write trigger of app."Orders", public.shipments was altered since the rows were looked at'
    USING HINT = 'Nothing was taken away. Find out who altered it; run this file again, which looks at all rows again.';
END
$segue$;
\endif
LOCK TABLE app."Orders", public.shipments IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.shipments') AND conname = 'segue_grams_is_weight_56a9dd73' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.shipments: it is not proven that grams is weight'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_gone_segue_app_orders_ship_to_key_changed_230fb7f9 ON app."Orders";
DROP TRIGGER IF EXISTS zz_segue_gone_segue_app_orders_ship_to_deleted_393a44b3 ON app."Orders";
DROP FUNCTION IF EXISTS segue.segue_app_orders_ship_to_gone_9c86cc65();
DROP FUNCTION IF EXISTS segue.segue_app_orders_ship_to_leaves_26656806();
DROP TRIGGER IF EXISTS zz_segue_move_segue_app_orders_ship_to_named_a97768bf ON app."Orders";
DROP TRIGGER IF EXISTS zz_segue_move_segue_app_orders_ship_to_updated_11ffa955 ON app."Orders";
DROP TRIGGER IF EXISTS zz_segue_move_segue_app_orders_ship_to_takes_503e7ac6 ON app."Orders";
DROP FUNCTION IF EXISTS segue.segue_app_orders_ship_to_takes_503e7ac6();
DROP FUNCTION IF EXISTS segue.segue_app_orders_ship_to_on_eb606073();
DROP TRIGGER IF EXISTS zz_segue_settle_segue_app_orders_ship_to_source_settles_7fc90c8 ON app."Orders";
DROP TRIGGER IF EXISTS zz_segue_settle_segue_app_orders_ship_to_target_settles_866d218 ON public.shipments;
DROP TRIGGER IF EXISTS zz_segue_move_segue_app_orders_ship_to_emptied_8aa690fe ON public.shipments;
DROP TRIGGER IF EXISTS zz_segue_move_segue_app_orders_ship_to_set_8273aada ON public.shipments;
DROP TRIGGER IF EXISTS zz_segue_move_segue_app_orders_ship_to_given_52cead17 ON public.shipments;
DROP TRIGGER IF EXISTS zz_segue_move_segue_app_orders_ship_to_fetches_again_44c0fa62 ON public.shipments;
DROP TRIGGER IF EXISTS zz_segue_move_segue_app_orders_ship_to_fetches_d3dc1a76 ON public.shipments;
DROP TRIGGER IF EXISTS zz_segue_gone_segue_app_orders_ship_to_key_changed_there_792c9b ON public.shipments;
DROP TRIGGER IF EXISTS zz_segue_gone_segue_app_orders_ship_to_deleted_there_5a0a4111 ON public.shipments;
DROP FUNCTION IF EXISTS segue.segue_app_orders_ship_to_fetches_d3dc1a76();
DROP FUNCTION IF EXISTS segue.segue_app_orders_ship_to_back_c76fe5e9();
DROP FUNCTION IF EXISTS segue.segue_app_orders_ship_to_pays_ec171afd();
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_shipments_30bc2dbb ON public.shipments;
DROP FUNCTION IF EXISTS segue.segue_public_shipments_sync_aca5255e();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_shipments_grams_null_97ddacee ON public.shipments;
DROP FUNCTION IF EXISTS segue.segue_public_shipments_grams_null_function_8d97c5fe();
DROP TABLE IF EXISTS segue.segue_app_orders_ship_to_owed_8c7a5629;
DROP TABLE IF EXISTS segue.segue_app_orders_ship_to_settling_1e547a2e;
DROP FUNCTION IF EXISTS segue.segue_app_orders_ship_to_waits_e63f80a4(segue_holder xid);
DROP FUNCTION IF EXISTS segue.segue_app_orders_ship_to_pays_all_d8e73de2();
DROP FUNCTION IF EXISTS segue.segue_app_orders_ship_to_settles_d297b5b2();
DROP FUNCTION IF EXISTS segue.segue_app_orders_ship_to_promises_23504fb8();
DROP FUNCTION IF EXISTS segue.segue_app_orders_ship_to_will_settle_bf29cd31();
ALTER TABLE public.shipments DROP CONSTRAINT IF EXISTS segue_grams_is_weight_56a9dd73;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE app."Orders" DROP COLUMN IF EXISTS "Ship To" RESTRICT;
ALTER TABLE public.shipments DROP COLUMN IF EXISTS weight RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.shipments ALTER COLUMN destination SET NOT NULL;
ALTER TABLE public.shipments DROP CONSTRAINT IF EXISTS segue_destination_not_null_adbede5d;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
