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

SELECT segue.enter('input', '', 3, 'f7d2489569c5ea08d0deec3faf5aa7b9ebe52c546d18e6e8e70b28ffb1142bd7') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.prices ──
-- why    in small batches, until currency has a value on every row
-- locks  ROW EXCLUSIVE on public.prices
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: add prices.currency text required default 'EUR'
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
   SET currency = coalesce(currency, 'EUR')
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (currency IS NULL);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Add segue_currency_not_null_90d8d6fa to public.prices ──
-- why    currency may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.prices, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.prices DROP CONSTRAINT IF EXISTS segue_currency_not_null_90d8d6fa;
-- from   line 1: add prices.currency text required default 'EUR'
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'segue_currency_not_null_90d8d6fa') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.prices
  ADD CONSTRAINT segue_currency_not_null_90d8d6fa CHECK (currency IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.3  Validate public.prices ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.prices
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: add prices.currency text required default 'EUR'
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'segue_currency_not_null_90d8d6fa' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.prices
  VALIDATE CONSTRAINT segue_currency_not_null_90d8d6fa;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
