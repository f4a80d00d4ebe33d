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

SELECT segue.enter('input', '', 4, 'f373c9ae6e4957d69372b397fb359059c031a7770e93a6040c8694a506d715d3') AS segue_contracted \gset
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
-- from   line 1: split users.full_name ->
-- from   line 6: require users.first_name
-- from   line 8: require users.last_name
-- from   line 15: rename users.locale -> language
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'full_name' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'locale' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'first_name' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'last_name' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_first_name_not_null_3d7a0e07')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_last_name_not_null_92ea42cb') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE;
-- both sides agree, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_full_name_and_first_name_last_name_say_the_same__f371446a' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.users: it is not proven that full_name and (first_name, last_name) say the same'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_language_is_locale_d6a29aa9' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.users: it is not proven that language is locale'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_users_8b73d7d0 ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_sync_e5577a8b();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_users_first_name_null_33c9a45b ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_first_name_null_function_5c4b91e5();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_users_last_name_null_3ea21fe5 ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_last_name_null_function_3e9bfb3f();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_users_language_null_d1370895 ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_language_null_function_5916a80f();
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_full_name_and_first_name_last_name_say_the_same__f371446a;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_language_is_locale_d6a29aa9;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.users DROP COLUMN IF EXISTS full_name RESTRICT;
ALTER TABLE public.users DROP COLUMN IF EXISTS locale RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.users ALTER COLUMN first_name SET NOT NULL;
ALTER TABLE public.users ALTER COLUMN last_name SET NOT NULL;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_first_name_not_null_3d7a0e07;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_last_name_not_null_92ea42cb;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
