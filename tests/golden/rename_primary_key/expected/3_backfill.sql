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

SELECT segue.enter('input', '', 3, '5ef3b02a0455108f78195924b806400002eba8f89a2779e67fe583ee54c64f0b') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.customers ──
-- why    in small batches, until customer_id is no on every row
-- locks  ROW EXCLUSIVE on public.customers
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename customers.no -> customer_id
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
   SET customer_id = no
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (customer_id IS DISTINCT FROM no);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_customers_pkey_39700d12 ──
-- why    as customers_pkey, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.customers
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_customers_pkey_39700d12;
-- from   line 1: rename customers.no -> customer_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_customers_pkey_39700d12') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_customers_pkey_39700d12;
CREATE UNIQUE INDEX CONCURRENTLY segue_customers_pkey_39700d12 ON public.customers (customer_id);
\endif

-- ── 3.3  Add 2 constraints to public.customers ──
-- why    that customer_id is no is proven, and stays so; customer_id may not be NULL any more; NOT
--        VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.customers, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.customers DROP CONSTRAINT IF EXISTS segue_customer_id_is_no_1635d63c;
--        ALTER TABLE public.customers DROP CONSTRAINT IF EXISTS
--        segue_customer_id_not_null_25d98709;
-- from   line 1: rename customers.no -> customer_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.customers') AND conname = 'segue_customer_id_is_no_1635d63c')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.customers') AND conname = 'segue_customer_id_not_null_25d98709') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.customers
  ADD CONSTRAINT segue_customer_id_is_no_1635d63c CHECK (NOT pg_catalog.record_image_ne(ROW(no), ROW(customer_id))) NOT VALID,
  ADD CONSTRAINT segue_customer_id_not_null_25d98709 CHECK (customer_id IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.4  Add segue_invoices_customer_fkey_6958cfc4 to public.invoices ──
-- why    as invoices_customer_fkey, over the new column; NOT VALID: binds new writes at once and
--        reads no row
-- locks  SHARE ROW EXCLUSIVE on public.invoices, SHARE ROW EXCLUSIVE on public.customers, for a
--        moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.invoices DROP CONSTRAINT IF EXISTS
--        segue_invoices_customer_fkey_6958cfc4;
-- from   line 1: rename customers.no -> customer_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.invoices') AND conname = 'segue_invoices_customer_fkey_6958cfc4') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.invoices
  ADD CONSTRAINT segue_invoices_customer_fkey_6958cfc4 FOREIGN KEY (customer) REFERENCES public.customers (customer_id) ON DELETE CASCADE NOT VALID;
COMMIT;
\endif

-- ── 3.5  Add segue_referrals_by_customer_fkey_29fdcbc6 to public.referrals ──
-- why    as referrals_by_customer_fkey, over the new column; NOT VALID: binds new writes at once
--        and reads no row
-- locks  SHARE ROW EXCLUSIVE on public.referrals, SHARE ROW EXCLUSIVE on public.customers, for a
--        moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.referrals DROP CONSTRAINT IF EXISTS
--        segue_referrals_by_customer_fkey_29fdcbc6;
-- from   line 1: rename customers.no -> customer_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.referrals') AND conname = 'segue_referrals_by_customer_fkey_29fdcbc6') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.referrals
  ADD CONSTRAINT segue_referrals_by_customer_fkey_29fdcbc6 FOREIGN KEY (by_customer) REFERENCES public.customers (customer_id) NOT VALID;
COMMIT;
\endif

-- ── 3.6  Add segue_referrals_of_fkey_2b7b2323 to public.referrals ──
-- why    as referrals_of_fkey, over the new column; NOT VALID: binds new writes at once and reads
--        no row
-- locks  SHARE ROW EXCLUSIVE on public.referrals, SHARE ROW EXCLUSIVE on public.customers, for a
--        moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.referrals DROP CONSTRAINT IF EXISTS segue_referrals_of_fkey_2b7b2323;
-- from   line 1: rename customers.no -> customer_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.referrals') AND conname = 'segue_referrals_of_fkey_2b7b2323') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.referrals
  ADD CONSTRAINT segue_referrals_of_fkey_2b7b2323 FOREIGN KEY (of_customer) REFERENCES public.customers (customer_id) DEFERRABLE NOT VALID;
COMMIT;
\endif

-- ── 3.7  Validate public.customers ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.customers
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename customers.no -> customer_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.customers') AND conname = 'segue_customer_id_is_no_1635d63c' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.customers') AND conname = 'segue_customer_id_not_null_25d98709' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.customers
  VALIDATE CONSTRAINT segue_customer_id_is_no_1635d63c,
  VALIDATE CONSTRAINT segue_customer_id_not_null_25d98709;
COMMIT;
\endif

-- ── 3.8  Validate public.invoices ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.invoices, ROW SHARE on public.customers
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename customers.no -> customer_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.invoices') AND conname = 'segue_invoices_customer_fkey_6958cfc4' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.invoices
  VALIDATE CONSTRAINT segue_invoices_customer_fkey_6958cfc4;
COMMIT;
\endif

-- ── 3.9  Validate public.referrals ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.referrals, ROW SHARE on public.customers
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename customers.no -> customer_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.referrals') AND conname = 'segue_referrals_by_customer_fkey_29fdcbc6' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.referrals
  VALIDATE CONSTRAINT segue_referrals_by_customer_fkey_29fdcbc6;
COMMIT;
\endif

-- ── 3.10  Validate public.referrals ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.referrals, ROW SHARE on public.customers
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename customers.no -> customer_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.referrals') AND conname = 'segue_referrals_of_fkey_2b7b2323' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.referrals
  VALIDATE CONSTRAINT segue_referrals_of_fkey_2b7b2323;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
