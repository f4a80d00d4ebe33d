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

SELECT segue.enter('input', '', 4, 'b148698e1534b96fd71a7f22e5c6e3d129924cc223fd18abd9e10cae7df7bf26') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.prices ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.prices, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename prices.cents -> amount_cents
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.prices') AND attname = 'cents' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.prices') AND attname = 'amount_cents' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'segue_amount_cents_not_null_72e004ab')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'prices_cents_key') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.prices IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.prices') AND conname = 'segue_amount_cents_is_cents_53138d14' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.prices: it is not proven that amount_cents is cents'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_prices_31c40b1a ON public.prices;
DROP FUNCTION IF EXISTS segue.segue_public_prices_sync_9f3671ad();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_prices_amount_cents_null_56b91c71 ON public.prices;
DROP FUNCTION IF EXISTS segue.segue_public_prices_amount_cents_null_function_d1eaed03();
ALTER TABLE public.prices DROP CONSTRAINT IF EXISTS segue_amount_cents_is_cents_53138d14;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.prices DROP COLUMN IF EXISTS cents RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.prices ALTER COLUMN amount_cents SET NOT NULL;
ALTER TABLE public.prices DROP CONSTRAINT IF EXISTS segue_amount_cents_not_null_72e004ab;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.prices_article_idx;
ALTER INDEX public.segue_prices_article_idx_72e4bd6c RENAME TO prices_article_idx;
DROP INDEX IF EXISTS public.prices_article_key;
ALTER INDEX public.segue_prices_article_key_4501fcf0 RENAME TO prices_article_key;
ALTER TABLE public.prices ADD CONSTRAINT prices_cents_key UNIQUE USING INDEX segue_prices_cents_key_d3b0d28d;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
