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

SELECT segue.enter('input', '', 4, 'b571905987d426cf51d9aeed0ed80839bd30444251aaf6fbe5af808bc6055d4a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.accounts, public.currencies, public.rates ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.accounts, ACCESS EXCLUSIVE on public.currencies, ACCESS
--        EXCLUSIVE on public.rates, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename currencies.code -> iso_code
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.currencies') AND attname = 'code' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.currencies') AND attname = 'iso_code' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.currencies') AND conname = 'segue_iso_code_not_null_e3ec9f5e')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.accounts') AND conname = 'segue_accounts_currency_fkey_707ee765')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.currencies') AND conname = 'currencies_code_key')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rates') AND conname = 'segue_rates_base_fkey_01d10806')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rates') AND conname = 'segue_rates_quote_fkey_dcba0fa7') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.accounts, public.currencies, public.rates IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.currencies') AND conname = 'segue_iso_code_is_code_3ea1a127' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.currencies: it is not proven that iso_code is code'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_currencies_a51f2aab ON public.currencies;
DROP FUNCTION IF EXISTS segue.segue_public_currencies_sync_951ba3ae();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_currencies_iso_code_null_bdb25675 ON public.currencies;
DROP FUNCTION IF EXISTS segue.segue_public_currencies_iso_code_null_function_713979ef();
ALTER TABLE public.accounts DROP CONSTRAINT IF EXISTS accounts_currency_fkey;
ALTER TABLE public.rates DROP CONSTRAINT IF EXISTS rates_base_fkey;
ALTER TABLE public.rates DROP CONSTRAINT IF EXISTS rates_quote_fkey;
ALTER TABLE public.currencies DROP CONSTRAINT IF EXISTS segue_iso_code_is_code_3ea1a127;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.currencies DROP COLUMN IF EXISTS code RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.currencies ALTER COLUMN iso_code SET NOT NULL;
ALTER TABLE public.currencies DROP CONSTRAINT IF EXISTS segue_iso_code_not_null_e3ec9f5e;
-- names and constraints go over to the new indexes
ALTER TABLE public.accounts RENAME CONSTRAINT segue_accounts_currency_fkey_707ee765 TO accounts_currency_fkey;
ALTER TABLE public.currencies ADD CONSTRAINT currencies_code_key UNIQUE USING INDEX segue_currencies_code_key_363ccb5c;
ALTER TABLE public.rates RENAME CONSTRAINT segue_rates_base_fkey_01d10806 TO rates_base_fkey;
ALTER TABLE public.rates RENAME CONSTRAINT segue_rates_quote_fkey_dcba0fa7 TO rates_quote_fkey;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
