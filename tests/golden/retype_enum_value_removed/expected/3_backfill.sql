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

SELECT segue.enter('input', '', 3, 'c0d3d3457584490157b52651e6eec1ad67b20aabf8efa9eb5f66cb9ed7d4fdd1') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values of public.orders.state that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public.orders
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: retype orders.state -> order_state_2
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(state::text, 60) FROM public.orders WHERE segue.segue_public_orders_state_fails_31600ebb(state)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.orders hold values of state that do not convert to public.order_state_2'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Fill public.orders ──
-- why    in small batches, until the copy of state is state as public.order_state_2 on every row
-- locks  ROW EXCLUSIVE on public.orders
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: retype orders.state -> order_state_2
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
   SET segue_state_as_public_order_state_2_c7d29440 = segue.segue_public_orders_state_map_d72187b4(state)
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_state_as_public_order_state_2_c7d29440), ROW(segue.segue_public_orders_state_map_d72187b4(state))));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Build public.segue_orders_state_idx_31a845d8 ──
-- why    as orders_state_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_state_idx_31a845d8;
-- from   line 1: retype orders.state -> order_state_2
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_orders_state_idx_31a845d8') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_state_idx_31a845d8;
CREATE INDEX CONCURRENTLY segue_orders_state_idx_31a845d8 ON public.orders (segue_state_as_public_order_state_2_c7d29440);
\endif

-- ── 3.4  Add 2 constraints to public.orders ──
-- why    that the copy of state is state as public.order_state_2 is proven, and stays so;
--        segue_state_as_public_order_state_2_c7d29440 may not be NULL any more; NOT VALID: binds
--        new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS
--        segue_state_as_public_order_state_2_e805b956; ALTER TABLE public.orders DROP CONSTRAINT IF
--        EXISTS segue_segue_state_as_public_order_state_2_c7d29440_not_0cf8c9d5;
-- from   line 1: retype orders.state -> order_state_2
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_state_as_public_order_state_2_e805b956')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_segue_state_as_public_order_state_2_c7d29440_not_0cf8c9d5') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  ADD CONSTRAINT segue_state_as_public_order_state_2_e805b956 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_state_as_public_order_state_2_c7d29440), ROW(segue.segue_public_orders_state_map_d72187b4(state))) AND NOT segue.segue_public_orders_state_fails_31600ebb(state)) NOT VALID,
  ADD CONSTRAINT segue_segue_state_as_public_order_state_2_c7d29440_not_0cf8c9d5 CHECK (segue_state_as_public_order_state_2_c7d29440 IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.5  Validate public.orders ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: retype orders.state -> order_state_2
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_state_as_public_order_state_2_e805b956' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_segue_state_as_public_order_state_2_c7d29440_not_0cf8c9d5' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  VALIDATE CONSTRAINT segue_state_as_public_order_state_2_e805b956,
  VALIDATE CONSTRAINT segue_segue_state_as_public_order_state_2_c7d29440_not_0cf8c9d5;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
