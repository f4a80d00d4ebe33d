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

SELECT segue.enter('input', '', 3, 'b571905987d426cf51d9aeed0ed80839bd30444251aaf6fbe5af808bc6055d4a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.currencies ──
-- why    in small batches, until iso_code is code on every row
-- locks  ROW EXCLUSIVE on public.currencies
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename currencies.code -> iso_code
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.currencies: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.currencies'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.currencies
   SET iso_code = code
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(code), ROW(iso_code)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_currencies_code_key_363ccb5c ──
-- why    as currencies_code_key, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.currencies
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_currencies_code_key_363ccb5c;
-- from   line 1: rename currencies.code -> iso_code
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_currencies_code_key_363ccb5c') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_currencies_code_key_363ccb5c;
CREATE UNIQUE INDEX CONCURRENTLY segue_currencies_code_key_363ccb5c ON public.currencies (iso_code);
\endif

-- ── 3.3  Add 2 constraints to public.currencies ──
-- why    that iso_code is code is proven, and stays so; iso_code may not be NULL any more; NOT
--        VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.currencies, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.currencies DROP CONSTRAINT IF EXISTS segue_iso_code_is_code_3ea1a127;
--        ALTER TABLE public.currencies DROP CONSTRAINT IF EXISTS segue_iso_code_not_null_e3ec9f5e;
-- from   line 1: rename currencies.code -> iso_code
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.currencies') AND conname = 'segue_iso_code_is_code_3ea1a127')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.currencies') AND conname = 'segue_iso_code_not_null_e3ec9f5e') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.currencies
  ADD CONSTRAINT segue_iso_code_is_code_3ea1a127 CHECK (NOT pg_catalog.record_image_ne(ROW(code), ROW(iso_code))) NOT VALID,
  ADD CONSTRAINT segue_iso_code_not_null_e3ec9f5e CHECK (iso_code IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.4  Add segue_accounts_currency_fkey_707ee765 to public.accounts ──
-- why    as accounts_currency_fkey, over the new column; NOT VALID: binds new writes at once and
--        reads no row
-- locks  SHARE ROW EXCLUSIVE on public.accounts, SHARE ROW EXCLUSIVE on public.currencies, for a
--        moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.accounts DROP CONSTRAINT IF EXISTS
--        segue_accounts_currency_fkey_707ee765;
-- from   line 1: rename currencies.code -> iso_code
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.accounts') AND conname = 'segue_accounts_currency_fkey_707ee765') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.accounts
  ADD CONSTRAINT segue_accounts_currency_fkey_707ee765 FOREIGN KEY (currency) REFERENCES public.currencies (iso_code) ON UPDATE CASCADE NOT VALID;
COMMIT;
\endif

-- ── 3.5  Add segue_rates_base_fkey_01d10806 to public.rates ──
-- why    as rates_base_fkey, over the new column; NOT VALID: binds new writes at once and reads no
--        row
-- locks  SHARE ROW EXCLUSIVE on public.rates, SHARE ROW EXCLUSIVE on public.currencies, for a
--        moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.rates DROP CONSTRAINT IF EXISTS segue_rates_base_fkey_01d10806;
-- from   line 1: rename currencies.code -> iso_code
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rates') AND conname = 'segue_rates_base_fkey_01d10806') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.rates
  ADD CONSTRAINT segue_rates_base_fkey_01d10806 FOREIGN KEY (base) REFERENCES public.currencies (iso_code) ON DELETE CASCADE NOT VALID;
COMMIT;
\endif

-- ── 3.6  Add segue_rates_quote_fkey_dcba0fa7 to public.rates ──
-- why    as rates_quote_fkey, over the new column; NOT VALID: binds new writes at once and reads no
--        row
-- locks  SHARE ROW EXCLUSIVE on public.rates, SHARE ROW EXCLUSIVE on public.currencies, for a
--        moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.rates DROP CONSTRAINT IF EXISTS segue_rates_quote_fkey_dcba0fa7;
-- from   line 1: rename currencies.code -> iso_code
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rates') AND conname = 'segue_rates_quote_fkey_dcba0fa7') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.rates
  ADD CONSTRAINT segue_rates_quote_fkey_dcba0fa7 FOREIGN KEY (quote) REFERENCES public.currencies (iso_code) NOT VALID;
COMMIT;
\endif

-- ── 3.7  Validate public.currencies ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.currencies
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename currencies.code -> iso_code
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.currencies') AND conname = 'segue_iso_code_is_code_3ea1a127' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.currencies') AND conname = 'segue_iso_code_not_null_e3ec9f5e' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.currencies
  VALIDATE CONSTRAINT segue_iso_code_is_code_3ea1a127,
  VALIDATE CONSTRAINT segue_iso_code_not_null_e3ec9f5e;
COMMIT;
\endif

-- ── 3.8  Validate public.accounts ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.accounts, ROW SHARE on public.currencies
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename currencies.code -> iso_code
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.accounts') AND conname = 'segue_accounts_currency_fkey_707ee765' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.accounts
  VALIDATE CONSTRAINT segue_accounts_currency_fkey_707ee765;
COMMIT;
\endif

-- ── 3.9  Validate public.rates ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.rates, ROW SHARE on public.currencies
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename currencies.code -> iso_code
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rates') AND conname = 'segue_rates_base_fkey_01d10806' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.rates
  VALIDATE CONSTRAINT segue_rates_base_fkey_01d10806;
COMMIT;
\endif

-- ── 3.10  Validate public.rates ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.rates, ROW SHARE on public.currencies
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename currencies.code -> iso_code
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rates') AND conname = 'segue_rates_quote_fkey_dcba0fa7' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.rates
  VALIDATE CONSTRAINT segue_rates_quote_fkey_dcba0fa7;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
