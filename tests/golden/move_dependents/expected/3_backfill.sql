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

SELECT segue.enter('input', '', 3, 'cf27e42f090c1687f632ee9f05fc318ceb7791d768c82db39e54ddc6bc972d01') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values of app."Orders"."Ship To" that have nowhere to go ──
-- why    they are listed here, before anything is filled or built
-- locks  ACCESS SHARE on app."Orders"
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: move app."Orders"."Ship To" -> shipments.destination
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

-- ── 3.2  Fill public.shipments ──
-- why    in small batches, until destination is "Ship To" of app."Orders" and grams is weight on
--        every row
-- locks  ROW EXCLUSIVE on public.shipments, ROW SHARE on app."Orders"
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: move app."Orders"."Ship To" -> shipments.destination
-- from   line 8: rename shipments.weight -> grams
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.shipments: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.shipments'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
      SET LOCAL session_replication_role = replica;
WITH segue_locked AS MATERIALIZED (
  SELECT ctid AS segue_tid
    FROM ONLY public.shipments
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND (shipments.destination IS NULL AND EXISTS (SELECT FROM app."Orders" AS segue_source WHERE segue_source.number = shipments.order_number AND segue_source.region = shipments.order_region AND segue_source."Ship To" IS NOT NULL) AND NOT EXISTS (SELECT FROM segue.segue_app_orders_ship_to_owed_8c7a5629 AS segue_owed WHERE segue_owed.key_1 = shipments.order_number AND segue_owed.key_2 = shipments.order_region)
     OR grams IS DISTINCT FROM weight)
     FOR NO KEY UPDATE
)
UPDATE ONLY public.shipments
   SET destination = (SELECT segue_source."Ship To" FROM app."Orders" AS segue_source WHERE segue_source.number = shipments.order_number AND segue_source.region = shipments.order_region FOR SHARE SKIP LOCKED), grams = weight
  FROM segue_locked
 WHERE shipments.ctid = segue_locked.segue_tid;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Look whether public.shipments.destination is as app."Orders"."Ship To" ──
-- why    a pair that somebody held all the time is not filled yet: run the phase again
-- locks  ACCESS SHARE on public.shipments
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: move app."Orders"."Ship To" -> shipments.destination
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

-- ── 3.4  Build public.shipments_city ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.shipments
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.shipments_city;
-- from   line 6: index shipments((destination ->> 'city')) as shipments_city
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.shipments_city') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.shipments_city;
CREATE INDEX CONCURRENTLY shipments_city ON public.shipments ((destination ->> 'city'));
\endif

-- ── 3.5  Add segue_grams_is_weight_56a9dd73 to public.shipments ──
-- why    that grams is weight is proven, and stays so; NOT VALID: binds new writes at once and
--        reads no row
-- locks  ACCESS EXCLUSIVE on public.shipments, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.shipments DROP CONSTRAINT IF EXISTS segue_grams_is_weight_56a9dd73;
-- from   line 8: rename shipments.weight -> grams
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.shipments') AND conname = 'segue_grams_is_weight_56a9dd73') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.shipments
  ADD CONSTRAINT segue_grams_is_weight_56a9dd73 CHECK (NOT pg_catalog.record_image_ne(ROW(weight), ROW(grams))) NOT VALID;
COMMIT;
\endif

-- ── 3.6  Validate public.shipments ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.shipments
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 8: rename shipments.weight -> grams
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.shipments') AND conname = 'segue_grams_is_weight_56a9dd73' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.shipments
  VALIDATE CONSTRAINT segue_grams_is_weight_56a9dd73;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
