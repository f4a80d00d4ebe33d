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

SELECT segue.enter('input', '', 4, 'd2b3dba8679765a4857d140cc40b6843bb71c2f1f85250bdcab3f4b03d67adc6') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.users ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename users.full_name -> display_name via app
-- from   line 3: add users.locale text required
-- from   line 7: require users.email
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'full_name' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'locale' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'email' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'display_name' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_locale_not_null_63e7b629')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_email_not_null_042e9345')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_display_name_not_null_8daf30fb')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_full_name_key') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_display_name_is_full_name_6df06b42' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.users: it is not proven that display_name is full_name'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_display_name_is_full_name_6df06b42;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.users DROP COLUMN IF EXISTS full_name RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.users ALTER COLUMN locale SET NOT NULL;
ALTER TABLE public.users ALTER COLUMN email SET NOT NULL;
ALTER TABLE public.users ALTER COLUMN display_name SET NOT NULL;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_locale_not_null_63e7b629;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_email_not_null_042e9345;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_display_name_not_null_8daf30fb;
-- the default comes when the old column is gone: earlier it would win over an old INSERT's value
ALTER TABLE public.users ALTER COLUMN display_name SET DEFAULT 'nobody'::text;
-- names and constraints go over to the new indexes
ALTER TABLE public.users ADD CONSTRAINT users_full_name_key UNIQUE USING INDEX segue_users_full_name_key_e7a455d7;
-- undo is over: what the fill overwrote is not needed any more
DROP TABLE IF EXISTS segue.segue_public_users_journal_af1429c7;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
