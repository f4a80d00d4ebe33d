-- tidy · phase 4 of 4: contract
-- Several things at once: one backfill for each table
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
SELECT segue.require_release('tidy', interval '0 seconds') AS segue_released \gset

SELECT segue.enter('tidy', 'Several things at once: one backfill for each table', 4, '1278373e2502de1e7ed008245af3954c5dac00d1b238644adc49e09092351095') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.orders ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 7: rename orders.total -> total_cents
-- from   line 9: require orders.user_id
-- from   line 11: drop orders.memo
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'total' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'memo' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'user_id' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'total_cents' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_user_id_not_null_1f8c4b04')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_cents_not_null_6984c8c9') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_cents_is_total_5762e0af' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.orders: it is not proven that total_cents is total'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_orders_7f2bbc5b ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_sync_31b6cefe();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_orders_total_cents_null_576d631c ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_total_cents_null_function_8eeaf9fc();
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_total_cents_is_total_5762e0af;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.orders DROP COLUMN IF EXISTS total RESTRICT;
ALTER TABLE public.orders DROP COLUMN IF EXISTS memo RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.orders ALTER COLUMN user_id SET NOT NULL;
ALTER TABLE public.orders ALTER COLUMN total_cents SET NOT NULL;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_user_id_not_null_1f8c4b04;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_total_cents_not_null_6984c8c9;
COMMIT;
\endif

-- ── 4.2  Contract public.users ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 4: rename users.email -> login
-- from   line 5: add users.phone text required backfill 'unknown'
-- from   line 6: require users.country backfill 'XX'
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'email' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'phone' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'country' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'login' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_phone_not_null_35bfbd73')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_country_not_null_61251c5d')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_login_not_null_8b7cc47c') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_login_is_email_a910a01c' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.users: it is not proven that login is email'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_users_95aa3ad2 ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_sync_d0c52ab5();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_users_login_null_2db2e38e ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_login_null_function_4cc8509e();
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_login_is_email_a910a01c;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.users DROP COLUMN IF EXISTS email RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.users ALTER COLUMN phone SET NOT NULL;
ALTER TABLE public.users ALTER COLUMN country SET NOT NULL;
ALTER TABLE public.users ALTER COLUMN login SET NOT NULL;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_phone_not_null_35bfbd73;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_country_not_null_61251c5d;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_login_not_null_8b7cc47c;
-- undo is over: what the fill overwrote is not needed any more
DROP TABLE IF EXISTS segue.segue_public_users_journal_419a9a41;
COMMIT;
\endif

SELECT segue.leave('tidy', 4) AS "phase complete";
