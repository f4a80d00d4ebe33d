-- input · phase 4 of 4: contract
--
-- when   when no release runs that knows what is old
-- apply  segue apply <this directory> --phase 4 --release NAME
--        or psql -v ON_ERROR_STOP=1 -f 4_contract.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

-- No release that runs may still need what goes: segue.ack says so, segue.skip_soak why a soak
-- need not be over. See `segue gate` for what else there is to ask.
SELECT segue.require_release('input', interval '0 seconds') AS segue_released \gset

SELECT segue.enter('input', '', 4, '5ef3b02a0455108f78195924b806400002eba8f89a2779e67fe583ee54c64f0b') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.customers, public.invoices, public.referrals ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.customers, ACCESS EXCLUSIVE on public.invoices, ACCESS
--        EXCLUSIVE on public.referrals, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename customers.no -> customer_id
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.customers') AND attname = 'no' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.customers') AND attname = 'customer_id' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.customers') AND conname = 'segue_customer_id_not_null_25d98709')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.customers') AND conname = 'customers_pkey')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.invoices') AND conname = 'segue_invoices_customer_fkey_6958cfc4')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.referrals') AND conname = 'segue_referrals_by_customer_fkey_29fdcbc6')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.referrals') AND conname = 'segue_referrals_of_fkey_2b7b2323') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.customers, public.invoices, public.referrals IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.customers') AND conname = 'segue_customer_id_is_no_1635d63c' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.customers: it is not proven that customer_id is no'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_customers_88f45b71 ON public.customers;
DROP FUNCTION IF EXISTS segue.segue_public_customers_sync_56dbfc94();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_customers_customer_id_null_81ff3f34 ON public.customers;
DROP FUNCTION IF EXISTS segue.segue_public_customers_customer_id_null_function_3af8c184();
ALTER TABLE public.invoices DROP CONSTRAINT IF EXISTS invoices_customer_fkey;
ALTER TABLE public.referrals DROP CONSTRAINT IF EXISTS referrals_by_customer_fkey;
ALTER TABLE public.referrals DROP CONSTRAINT IF EXISTS referrals_of_fkey;
ALTER TABLE public.customers DROP CONSTRAINT IF EXISTS segue_customer_id_is_no_1635d63c;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.customers DROP COLUMN IF EXISTS no RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.customers ALTER COLUMN customer_id SET NOT NULL;
ALTER TABLE public.customers DROP CONSTRAINT IF EXISTS segue_customer_id_not_null_25d98709;
-- names and constraints go over to the new indexes
ALTER TABLE public.customers ADD CONSTRAINT customers_pkey PRIMARY KEY USING INDEX segue_customers_pkey_39700d12;
COMMENT ON CONSTRAINT customers_pkey ON public.customers IS 'the number on the card';
ALTER TABLE public.invoices RENAME CONSTRAINT segue_invoices_customer_fkey_6958cfc4 TO invoices_customer_fkey;
ALTER TABLE public.referrals RENAME CONSTRAINT segue_referrals_by_customer_fkey_29fdcbc6 TO referrals_by_customer_fkey;
ALTER TABLE public.referrals RENAME CONSTRAINT segue_referrals_of_fkey_2b7b2323 TO referrals_of_fkey;
COMMENT ON INDEX public.customers_pkey IS 'asked for by every page';
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
