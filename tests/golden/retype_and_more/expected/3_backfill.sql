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

SELECT segue.enter('input', '', 3, 'a6486c3c8c6343d61da85a3c5072d330d0e96fb73a59f22b562c60a4355ed79a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values of public.orders.state that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public.orders
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 3: retype orders.state -> order_state
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
    RAISE EXCEPTION '%', 'rows of public.orders hold values of state that do not convert to public.order_state'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Look for rows without public.orders.code ──
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

-- ── 3.3  Look for rows without public.lines.order_id ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.lines
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 12: primary key lines(order_id, place)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT ctid::text FROM public.lines WHERE order_id IS NULL
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.lines have no order_id'
      USING DETAIL = found, HINT = 'give them a value, or say `backfill …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.4  Look for values of public.lines.amount that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public.lines
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 14: retype lines.amount -> numeric(12,2)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT ctid::text, pg_catalog.left(amount::text, 60) FROM public.lines WHERE segue.segue_public_lines_amount_fails_53eba61e(amount)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.lines hold values of amount that do not convert to numeric(12,2)'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.5  Fill public.customers ──
-- why    in small batches, until the copy of number is number as bigint on every row
-- locks  ROW EXCLUSIVE on public.customers
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 10: widen customers.number -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.customers: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.customers'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.customers
   SET segue_number_as_bigint_37952029 = number::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_number_as_bigint_37952029), ROW(number::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.6  Fill public.lines ──
-- why    in small batches, until the copy of place is place as bigint and the copy of amount is
--        amount as numeric(12,2) on every row
-- locks  ROW EXCLUSIVE on public.lines
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 11: retype lines.place -> bigint
-- from   line 14: retype lines.amount -> numeric(12,2)
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.lines: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.lines'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.lines
   SET segue_place_as_bigint_4d484cb1 = place::bigint, segue_amount_as_numeric_12_2__56e790d6 = segue.segue_public_lines_amount_map_9fb4d14d(amount)
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_place_as_bigint_4d484cb1), ROW(place::bigint))
     OR pg_catalog.record_image_ne(ROW(segue_amount_as_numeric_12_2__56e790d6), ROW(segue.segue_public_lines_amount_map_9fb4d14d(amount))));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.7  Fill public.orders ──
-- why    in small batches, until the copy of state is state as public.order_state and the copy of
--        "Customer ""id""" is "Customer ""id""" as bigint on every row
-- locks  ROW EXCLUSIVE on public.orders
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 3: retype orders.state -> order_state
-- from   line 8: retype orders."Customer ""id""" -> bigint
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
   SET segue_state_as_public_order_state_d75650d9 = segue.segue_public_orders_state_map_d72187b4(state), segue_customer_id_as_bigint_f03d4c75 = "Customer ""id"""::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_state_as_public_order_state_d75650d9), ROW(segue.segue_public_orders_state_map_d72187b4(state)))
     OR pg_catalog.record_image_ne(ROW(segue_customer_id_as_bigint_f03d4c75), ROW("Customer ""id"""::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.8  Look for duplicates under orders_code_key ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.orders
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 7: unique orders(code)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.orders_code_key') AND indisvalid) AS segue_done \gset
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
SELECT (code)::text, count(*)::text FROM public.orders WHERE (code) IS NOT NULL GROUP BY (code) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.orders holds duplicates that orders_code_key does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.9  Look for rows without a match under "orders_Customer ""id""_fkey" ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.orders, ACCESS SHARE on public.customers
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 9: reference orders("Customer ""id""") -> customers(number) on delete cascade
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, segue_customer_id_as_bigint_f03d4c75::text FROM public.orders WHERE orders.segue_customer_id_as_bigint_f03d4c75 IS NOT NULL AND NOT EXISTS (SELECT FROM public.customers AS segue_target WHERE segue_target.segue_number_as_bigint_37952029 = orders.segue_customer_id_as_bigint_f03d4c75)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.orders reference nothing in public.customers'
      USING DETAIL = found, HINT = 'mend them, or say `repair column = …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.10  Look for duplicates under lines_pkey ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.lines
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 12: primary key lines(order_id, place)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.lines_pkey') AND indisvalid) AS segue_done \gset
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
SELECT (order_id)::text, (segue_place_as_bigint_4d484cb1)::text, count(*)::text FROM public.lines WHERE (order_id) IS NOT NULL AND (segue_place_as_bigint_4d484cb1) IS NOT NULL GROUP BY (order_id), (segue_place_as_bigint_4d484cb1) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.lines holds duplicates that lines_pkey does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.11  Look for duplicates under "Lines; by amount" ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.lines
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 15: unique index lines((amount + place), place) include (amount) as "Lines; by
--        amount"
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public."Lines; by amount"') AND indisvalid) AS segue_done \gset
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
SELECT ((segue_amount_as_numeric_12_2__56e790d6 + segue_place_as_bigint_4d484cb1))::text, (segue_place_as_bigint_4d484cb1)::text, count(*)::text FROM public.lines WHERE ((segue_amount_as_numeric_12_2__56e790d6 + segue_place_as_bigint_4d484cb1)) IS NOT NULL AND (segue_place_as_bigint_4d484cb1) IS NOT NULL GROUP BY ((segue_amount_as_numeric_12_2__56e790d6 + segue_place_as_bigint_4d484cb1)), (segue_place_as_bigint_4d484cb1) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.lines holds duplicates that "Lines; by amount" does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.12  Build public.segue_customers_number_key_ca483388 ──
-- why    as customers_number_key, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.customers
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_customers_number_key_ca483388;
-- from   line 10: widen customers.number -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_customers_number_key_ca483388') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_customers_number_key_ca483388;
CREATE UNIQUE INDEX CONCURRENTLY segue_customers_number_key_ca483388 ON public.customers (segue_number_as_bigint_37952029);
\endif

-- ── 3.13  Build public.lines_pkey ──
-- why    CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on
-- locks  SHARE UPDATE EXCLUSIVE on public.lines
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.lines_pkey;
-- from   line 12: primary key lines(order_id, place)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.lines_pkey') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.lines_pkey;
CREATE UNIQUE INDEX CONCURRENTLY lines_pkey ON public.lines (order_id, segue_place_as_bigint_4d484cb1);
\endif

-- ── 3.14  Build public."Lines; by amount" ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.lines
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public."Lines; by amount";
-- from   line 15: unique index lines((amount + place), place) include (amount) as "Lines; by
--        amount"
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public."Lines; by amount"') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public."Lines; by amount";
CREATE UNIQUE INDEX CONCURRENTLY "Lines; by amount" ON public.lines ((segue_amount_as_numeric_12_2__56e790d6 + segue_place_as_bigint_4d484cb1), segue_place_as_bigint_4d484cb1) INCLUDE (segue_amount_as_numeric_12_2__56e790d6);
\endif

-- ── 3.15  Build public.orders_code_key ──
-- why    CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.orders_code_key;
-- from   line 7: unique orders(code)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.orders_code_key') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.orders_code_key;
CREATE UNIQUE INDEX CONCURRENTLY orders_code_key ON public.orders (code);
\endif

-- ── 3.16  Build public.orders_state_placed_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.orders_state_placed_idx;
-- from   line 2: index orders(state, placed desc) where (code <> '-')
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.orders_state_placed_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.orders_state_placed_idx;
CREATE INDEX CONCURRENTLY orders_state_placed_idx ON public.orders (segue_state_as_public_order_state_d75650d9, placed DESC) WHERE (code <> '-');
\endif

-- ── 3.17  Add 2 constraints to public.customers ──
-- why    that the copy of number is number as bigint is proven, and stays so;
--        segue_number_as_bigint_37952029 may not be NULL any more; NOT VALID: binds new writes at
--        once and reads no row
-- locks  ACCESS EXCLUSIVE on public.customers, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.customers DROP CONSTRAINT IF EXISTS segue_number_as_bigint_6d05740b;
--        ALTER TABLE public.customers DROP CONSTRAINT IF EXISTS
--        segue_segue_number_as_bigint_37952029_not_null_7a11fccf;
-- from   line 10: widen customers.number -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.customers') AND conname = 'segue_number_as_bigint_6d05740b')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.customers') AND conname = 'segue_segue_number_as_bigint_37952029_not_null_7a11fccf') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.customers
  ADD CONSTRAINT segue_number_as_bigint_6d05740b CHECK (NOT pg_catalog.record_image_ne(ROW(segue_number_as_bigint_37952029), ROW(number::bigint))) NOT VALID,
  ADD CONSTRAINT segue_segue_number_as_bigint_37952029_not_null_7a11fccf CHECK (segue_number_as_bigint_37952029 IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.18  Add 4 constraints to public.lines ──
-- why    that the copy of place is place as bigint is proven, and stays so; order_id may not be
--        NULL any more; that the copy of amount is amount as numeric(12,2) is proven, and stays so;
--        segue_place_as_bigint_4d484cb1 may not be NULL any more; NOT VALID: binds new writes at
--        once and reads no row
-- locks  ACCESS EXCLUSIVE on public.lines, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.lines DROP CONSTRAINT IF EXISTS segue_place_as_bigint_a4711153; …
-- from   line 11: retype lines.place -> bigint
-- from   line 12: primary key lines(order_id, place)
-- from   line 14: retype lines.amount -> numeric(12,2)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_place_as_bigint_a4711153')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_order_id_not_null_eb7bb2df')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_amount_as_numeric_12_2__fbc7618c')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_segue_place_as_bigint_4d484cb1_not_null_b1c84766') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.lines
  ADD CONSTRAINT segue_place_as_bigint_a4711153 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_place_as_bigint_4d484cb1), ROW(place::bigint))) NOT VALID,
  ADD CONSTRAINT segue_order_id_not_null_eb7bb2df CHECK (order_id IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_amount_as_numeric_12_2__fbc7618c CHECK (NOT pg_catalog.record_image_ne(ROW(segue_amount_as_numeric_12_2__56e790d6), ROW(segue.segue_public_lines_amount_map_9fb4d14d(amount))) AND NOT segue.segue_public_lines_amount_fails_53eba61e(amount)) NOT VALID,
  ADD CONSTRAINT segue_segue_place_as_bigint_4d484cb1_not_null_b1c84766 CHECK (segue_place_as_bigint_4d484cb1 IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.19  Add 2 constraints to public.orders ──
-- why    that the copy of state is state as public.order_state is proven, and stays so; that the
--        copy of "Customer ""id""" is "Customer ""id""" as bigint is proven, and stays so; NOT
--        VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS
--        segue_state_as_public_order_state_784ba83f; ALTER TABLE public.orders DROP CONSTRAINT IF
--        EXISTS segue_customer_id_as_bigint_b255f637;
-- from   line 3: retype orders.state -> order_state
-- from   line 8: retype orders."Customer ""id""" -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_state_as_public_order_state_784ba83f')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_customer_id_as_bigint_b255f637') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  ADD CONSTRAINT segue_state_as_public_order_state_784ba83f CHECK (NOT pg_catalog.record_image_ne(ROW(segue_state_as_public_order_state_d75650d9), ROW(segue.segue_public_orders_state_map_d72187b4(state))) AND NOT segue.segue_public_orders_state_fails_31600ebb(state)) NOT VALID,
  ADD CONSTRAINT segue_customer_id_as_bigint_b255f637 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_customer_id_as_bigint_f03d4c75), ROW("Customer ""id"""::bigint))) NOT VALID;
COMMIT;
\endif

-- ── 3.20  Add "orders_Customer ""id""_fkey" to public.orders ──
-- why    "orders_Customer ""id""_fkey" binds every row from now on; NOT VALID: binds new writes at
--        once and reads no row
-- locks  SHARE ROW EXCLUSIVE on public.orders, SHARE ROW EXCLUSIVE on public.customers, for a
--        moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS "orders_Customer ""id""_fkey";
-- from   line 9: reference orders("Customer ""id""") -> customers(number) on delete cascade
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'orders_Customer "id"_fkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  ADD CONSTRAINT "orders_Customer ""id""_fkey" FOREIGN KEY (segue_customer_id_as_bigint_f03d4c75) REFERENCES public.customers (segue_number_as_bigint_37952029) ON DELETE CASCADE NOT VALID;
COMMIT;
\endif

-- ── 3.21  Validate public.customers ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.customers
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 10: widen customers.number -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.customers') AND conname = 'segue_number_as_bigint_6d05740b' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.customers') AND conname = 'segue_segue_number_as_bigint_37952029_not_null_7a11fccf' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.customers
  VALIDATE CONSTRAINT segue_number_as_bigint_6d05740b,
  VALIDATE CONSTRAINT segue_segue_number_as_bigint_37952029_not_null_7a11fccf;
COMMIT;
\endif

-- ── 3.22  Validate public.lines ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.lines
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 11: retype lines.place -> bigint
-- from   line 12: primary key lines(order_id, place)
-- from   line 14: retype lines.amount -> numeric(12,2)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_place_as_bigint_a4711153' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_order_id_not_null_eb7bb2df' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_amount_as_numeric_12_2__fbc7618c' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_segue_place_as_bigint_4d484cb1_not_null_b1c84766' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.lines
  VALIDATE CONSTRAINT segue_place_as_bigint_a4711153,
  VALIDATE CONSTRAINT segue_order_id_not_null_eb7bb2df,
  VALIDATE CONSTRAINT segue_amount_as_numeric_12_2__fbc7618c,
  VALIDATE CONSTRAINT segue_segue_place_as_bigint_4d484cb1_not_null_b1c84766;
COMMIT;
\endif

-- ── 3.23  Validate public.orders ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: retype orders.state -> order_state
-- from   line 6: require orders.code
-- from   line 8: retype orders."Customer ""id""" -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_state_as_public_order_state_784ba83f' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_code_not_null_7e29a94c' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_customer_id_as_bigint_b255f637' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  VALIDATE CONSTRAINT segue_state_as_public_order_state_784ba83f,
  VALIDATE CONSTRAINT segue_code_not_null_7e29a94c,
  VALIDATE CONSTRAINT segue_customer_id_as_bigint_b255f637;
COMMIT;
\endif

-- ── 3.24  Validate public.orders ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.orders, ROW SHARE on public.customers
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 9: reference orders("Customer ""id""") -> customers(number) on delete cascade
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'orders_Customer "id"_fkey' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  VALIDATE CONSTRAINT "orders_Customer ""id""_fkey";
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
