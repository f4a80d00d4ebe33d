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

SELECT segue.enter('input', '', 3, '68b0523fc5cf96d5e7c6230c727b0e475de1fe049f6b3937d87c88a2b9160705') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values of public.prices.amount that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public.prices
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 2: retype prices.amount -> numeric(12,2) using (amount / 100.0)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(amount::text, 60) FROM public.prices WHERE segue.segue_public_prices_amount_fails_e6a67aa5(amount)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.prices hold values of amount that do not convert to numeric(12,2)'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Fill public.prices ──
-- why    in small batches, until the copy of amount is amount as numeric(12,2) on every row
-- locks  ROW EXCLUSIVE on public.prices
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 2: retype prices.amount -> numeric(12,2) using (amount / 100.0)
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.prices: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.prices'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.prices
   SET segue_amount_as_numeric_12_2__56e790d6 = segue.segue_public_prices_amount_map_a0257ea6(amount)
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_amount_as_numeric_12_2__56e790d6), ROW(segue.segue_public_prices_amount_map_a0257ea6(amount))));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Look for rows that break price_range ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.prices
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: check prices (amount between 0.01 and 10000) as price_range
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.prices WHERE (segue_amount_as_numeric_12_2__56e790d6 between 0.01 and 10000) IS FALSE
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.prices break price_range'
      USING DETAIL = found, HINT = 'mend them, or say `repair column = …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.4  Add 3 constraints to public.prices ──
-- why    price_range binds every row from now on; that the copy of amount is amount as
--        numeric(12,2) is proven, and stays so; segue_amount_as_numeric_12_2__56e790d6 may not be
--        NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.prices, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.prices DROP CONSTRAINT IF EXISTS price_range; ALTER TABLE public.prices
--        DROP CONSTRAINT IF EXISTS segue_amount_as_numeric_12_2__fbc7618c; ALTER TABLE
--        public.prices DROP CONSTRAINT IF EXISTS
--        segue_segue_amount_as_numeric_12_2_56e790d6_not_null_794d18b9;
-- from   line 1: check prices (amount between 0.01 and 10000) as price_range
-- from   line 2: retype prices.amount -> numeric(12,2) using (amount / 100.0)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'price_range')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'segue_amount_as_numeric_12_2__fbc7618c')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'segue_segue_amount_as_numeric_12_2_56e790d6_not_null_794d18b9') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.prices
  ADD CONSTRAINT price_range CHECK (segue_amount_as_numeric_12_2__56e790d6 between 0.01 and 10000) NOT VALID,
  ADD CONSTRAINT segue_amount_as_numeric_12_2__fbc7618c CHECK (NOT pg_catalog.record_image_ne(ROW(segue_amount_as_numeric_12_2__56e790d6), ROW(segue.segue_public_prices_amount_map_a0257ea6(amount))) AND NOT segue.segue_public_prices_amount_fails_e6a67aa5(amount)) NOT VALID,
  ADD CONSTRAINT segue_segue_amount_as_numeric_12_2_56e790d6_not_null_794d18b9 CHECK (segue_amount_as_numeric_12_2__56e790d6 IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.5  Validate public.prices ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.prices
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: check prices (amount between 0.01 and 10000) as price_range
-- from   line 2: retype prices.amount -> numeric(12,2) using (amount / 100.0)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'price_range' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'segue_amount_as_numeric_12_2__fbc7618c' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'segue_segue_amount_as_numeric_12_2_56e790d6_not_null_794d18b9' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.prices
  VALIDATE CONSTRAINT price_range,
  VALIDATE CONSTRAINT segue_amount_as_numeric_12_2__fbc7618c,
  VALIDATE CONSTRAINT segue_segue_amount_as_numeric_12_2_56e790d6_not_null_794d18b9;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
