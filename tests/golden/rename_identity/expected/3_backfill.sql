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

SELECT segue.enter('input', '', 3, 'c5e09f5ee4e19aa7a9131c6aa9647813800c0c5818db43e7be8a9deb1321d40a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.orders ──
-- why    in small batches, until order_number is no and "position" is line on every row
-- locks  ROW EXCLUSIVE on public.orders
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename orders.no -> order_number
-- from   line 2: rename orders.line -> position
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
   SET order_number = no, "position" = line
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (order_number IS DISTINCT FROM no
     OR "position" IS DISTINCT FROM line);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_orders_no_idx_a182b67c ──
-- why    as orders_no_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_no_idx_a182b67c;
-- from   line 1: rename orders.no -> order_number
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_orders_no_idx_a182b67c') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_no_idx_a182b67c;
CREATE UNIQUE INDEX CONCURRENTLY segue_orders_no_idx_a182b67c ON public.orders (order_number);
\endif

-- ── 3.3  Add 4 constraints to public.orders ──
-- why    that order_number is no is proven, and stays so; that "position" is line is proven, and
--        stays so; order_number may not be NULL any more; "position" may not be NULL any more; NOT
--        VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_order_number_is_no_88b52f16; …
-- from   line 1: rename orders.no -> order_number
-- from   line 2: rename orders.line -> position
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_order_number_is_no_88b52f16')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_position_is_line_9a05dfac')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_order_number_not_null_072d7687')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_position_not_null_caf26bda') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  ADD CONSTRAINT segue_order_number_is_no_88b52f16 CHECK (NOT pg_catalog.record_image_ne(ROW(no), ROW(order_number))) NOT VALID,
  ADD CONSTRAINT segue_position_is_line_9a05dfac CHECK (NOT pg_catalog.record_image_ne(ROW(line), ROW("position"))) NOT VALID,
  ADD CONSTRAINT segue_order_number_not_null_072d7687 CHECK (order_number IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_position_not_null_caf26bda CHECK ("position" IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.4  Validate public.orders ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename orders.no -> order_number
-- from   line 2: rename orders.line -> position
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_order_number_is_no_88b52f16' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_position_is_line_9a05dfac' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_order_number_not_null_072d7687' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_position_not_null_caf26bda' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  VALIDATE CONSTRAINT segue_order_number_is_no_88b52f16,
  VALIDATE CONSTRAINT segue_position_is_line_9a05dfac,
  VALIDATE CONSTRAINT segue_order_number_not_null_072d7687,
  VALIDATE CONSTRAINT segue_position_not_null_caf26bda;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
