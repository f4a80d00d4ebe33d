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

SELECT segue.enter('input', '', 3, 'f7569ef65bfaba20ee918bffda65bc9ec2cf12ffc71699d0bf3c11cd0f20af8a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values of public.orders.total_cents that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public.orders
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: retype orders.total_cents -> numeric(18,2) as total
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(total_cents::text, 60) FROM public.orders WHERE segue.segue_public_orders_total_cents_fails_657c20d8(total_cents)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.orders hold values of total_cents that do not convert to numeric(18,2)'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Look for values of public.orders.tip_cents that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public.orders
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 7: retype orders.tip_cents -> numeric(10,2) as tip
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(tip_cents::text, 60) FROM public.orders WHERE segue.segue_public_orders_tip_cents_fails_4c66f5a3(tip_cents)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.orders hold values of tip_cents that do not convert to numeric(10,2)'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.3  Fill public.orders ──
-- why    in small batches, until total and total_cents agree by `using` or by `back` and tip and
--        tip_cents agree by `using` or by `back` on every row
-- locks  ROW EXCLUSIVE on public.orders
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: retype orders.total_cents -> numeric(18,2) as total
-- from   line 7: retype orders.tip_cents -> numeric(10,2) as tip
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.orders: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.orders'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.orders
   SET total = segue.segue_public_orders_total_cents_map_f1a6170f(total_cents), tip = segue.segue_public_orders_tip_cents_map_6893388c(tip_cents)
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (total IS NULL AND (segue.segue_public_orders_total_cents_map_f1a6170f(total_cents)) IS NOT NULL
     OR tip IS NULL AND (segue.segue_public_orders_tip_cents_map_6893388c(tip_cents)) IS NOT NULL);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.4  Look for duplicates under segue_orders_total_cents_key_1d9ece97 ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.orders
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: retype orders.total_cents -> numeric(18,2) as total
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_orders_total_cents_key_1d9ece97') AND indisvalid) AS segue_done \gset
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
SELECT (total)::text, (id)::text, count(*)::text FROM public.orders WHERE (total) IS NOT NULL AND (id) IS NOT NULL GROUP BY (total), (id) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.orders holds duplicates that segue_orders_total_cents_key_1d9ece97 does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.5  Build public.segue_orders_total_cents_key_1d9ece97 ──
-- why    as orders_total_cents_key, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_total_cents_key_1d9ece97;
-- from   line 1: retype orders.total_cents -> numeric(18,2) as total
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_orders_total_cents_key_1d9ece97') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_total_cents_key_1d9ece97;
CREATE UNIQUE INDEX CONCURRENTLY segue_orders_total_cents_key_1d9ece97 ON public.orders (total, id);
\endif

-- ── 3.6  Build public.segue_orders_tip_idx_23af30f0 ──
-- why    as orders_tip_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_tip_idx_23af30f0;
-- from   line 1: retype orders.total_cents -> numeric(18,2) as total
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_orders_tip_idx_23af30f0') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_tip_idx_23af30f0;
CREATE INDEX CONCURRENTLY segue_orders_tip_idx_23af30f0 ON public.orders (tip);
\endif

-- ── 3.7  Add 3 constraints to public.orders ──
-- why    that total and total_cents agree by `using` or by `back` is proven, and stays so; that tip
--        and tip_cents agree by `using` or by `back` is proven, and stays so; total may not be NULL
--        any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS
--        segue_total_cents_as_numeric_18_2__6db515e6; ALTER TABLE public.orders DROP CONSTRAINT IF
--        EXISTS segue_tip_cents_as_numeric_10_2__847424d3; ALTER TABLE public.orders DROP
--        CONSTRAINT IF EXISTS segue_total_not_null_ad6e27ef;
-- from   line 1: retype orders.total_cents -> numeric(18,2) as total
-- from   line 7: retype orders.tip_cents -> numeric(10,2) as tip
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_cents_as_numeric_18_2__6db515e6')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_tip_cents_as_numeric_10_2__847424d3')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_not_null_ad6e27ef') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  ADD CONSTRAINT segue_total_cents_as_numeric_18_2__6db515e6 CHECK ((NOT pg_catalog.record_image_ne(ROW(total), ROW(segue.segue_public_orders_total_cents_map_f1a6170f(total_cents))) AND NOT segue.segue_public_orders_total_cents_fails_657c20d8(total_cents)) OR NOT pg_catalog.record_image_ne(ROW(total_cents), ROW(CAST(((total * 100)::integer) AS integer)))) NOT VALID,
  ADD CONSTRAINT segue_tip_cents_as_numeric_10_2__847424d3 CHECK ((NOT pg_catalog.record_image_ne(ROW(tip), ROW(segue.segue_public_orders_tip_cents_map_6893388c(tip_cents))) AND NOT segue.segue_public_orders_tip_cents_fails_4c66f5a3(tip_cents)) OR NOT pg_catalog.record_image_ne(ROW(tip_cents), ROW(CAST((coalesce((tip * 100)::integer, tip_cents)) AS integer)))) NOT VALID,
  ADD CONSTRAINT segue_total_not_null_ad6e27ef CHECK (total IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.8  Validate public.orders ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: retype orders.total_cents -> numeric(18,2) as total
-- from   line 7: retype orders.tip_cents -> numeric(10,2) as tip
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_cents_as_numeric_18_2__6db515e6' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_tip_cents_as_numeric_10_2__847424d3' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_not_null_ad6e27ef' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  VALIDATE CONSTRAINT segue_total_cents_as_numeric_18_2__6db515e6,
  VALIDATE CONSTRAINT segue_tip_cents_as_numeric_10_2__847424d3,
  VALIDATE CONSTRAINT segue_total_not_null_ad6e27ef;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
