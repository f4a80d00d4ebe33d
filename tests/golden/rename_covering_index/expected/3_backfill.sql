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

SELECT segue.enter('input', '', 3, 'b148698e1534b96fd71a7f22e5c6e3d129924cc223fd18abd9e10cae7df7bf26') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.prices ──
-- why    in small batches, until amount_cents is cents on every row
-- locks  ROW EXCLUSIVE on public.prices
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename prices.cents -> amount_cents
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
   SET amount_cents = cents
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (amount_cents IS DISTINCT FROM cents);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_prices_article_key_4501fcf0 ──
-- why    as prices_article_key, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.prices
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_prices_article_key_4501fcf0;
-- from   line 1: rename prices.cents -> amount_cents
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_prices_article_key_4501fcf0') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_prices_article_key_4501fcf0;
CREATE UNIQUE INDEX CONCURRENTLY segue_prices_article_key_4501fcf0 ON public.prices (article, id) INCLUDE (amount_cents);
\endif

-- ── 3.3  Build public.segue_prices_cents_key_d3b0d28d ──
-- why    as prices_cents_key, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.prices
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_prices_cents_key_d3b0d28d;
-- from   line 1: rename prices.cents -> amount_cents
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_prices_cents_key_d3b0d28d') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_prices_cents_key_d3b0d28d;
CREATE UNIQUE INDEX CONCURRENTLY segue_prices_cents_key_d3b0d28d ON public.prices (amount_cents, id) INCLUDE (article);
\endif

-- ── 3.4  Build public.segue_prices_article_idx_72e4bd6c ──
-- why    as prices_article_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.prices
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_prices_article_idx_72e4bd6c;
-- from   line 1: rename prices.cents -> amount_cents
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_prices_article_idx_72e4bd6c') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_prices_article_idx_72e4bd6c;
CREATE INDEX CONCURRENTLY segue_prices_article_idx_72e4bd6c ON public.prices (article) INCLUDE (amount_cents);
\endif

-- ── 3.5  Add 2 constraints to public.prices ──
-- why    that amount_cents is cents is proven, and stays so; amount_cents may not be NULL any more;
--        NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.prices, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.prices DROP CONSTRAINT IF EXISTS segue_amount_cents_is_cents_53138d14;
--        ALTER TABLE public.prices DROP CONSTRAINT IF EXISTS segue_amount_cents_not_null_72e004ab;
-- from   line 1: rename prices.cents -> amount_cents
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'segue_amount_cents_is_cents_53138d14')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'segue_amount_cents_not_null_72e004ab') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.prices
  ADD CONSTRAINT segue_amount_cents_is_cents_53138d14 CHECK (NOT pg_catalog.record_image_ne(ROW(cents), ROW(amount_cents))) NOT VALID,
  ADD CONSTRAINT segue_amount_cents_not_null_72e004ab CHECK (amount_cents IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.6  Validate public.prices ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.prices
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename prices.cents -> amount_cents
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'segue_amount_cents_is_cents_53138d14' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'segue_amount_cents_not_null_72e004ab' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.prices
  VALIDATE CONSTRAINT segue_amount_cents_is_cents_53138d14,
  VALIDATE CONSTRAINT segue_amount_cents_not_null_72e004ab;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
