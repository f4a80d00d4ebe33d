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

SELECT segue.enter('input', '', 4, '938492237f89755759b514c44ba2d33e37d88befe1ed21f623a0fa8d01693480') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.badges, public.users ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.badges, ACCESS EXCLUSIVE on public.countries, ACCESS EXCLUSIVE
--        on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: retype users.login -> text
-- from   line 2: retype users.country -> text
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'segue_login_as_text_c6c27dc7' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'segue_country_as_text_de48c6ac' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'login' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_segue_login_as_text_c6c27dc7_not_null_6aab03eb')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.badges') AND conname = 'segue_badges_login_fkey_ebcc0c2b')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_login_key')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_login_not_empty_c1f06044')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_users_country_fkey_6dcd2120') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.badges, public.countries, public.users IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_login_as_text_e60a2ced' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.users: it is not proven that the copy of login is login as text'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_country_as_text_3369d91a' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.users: it is not proven that the copy of country is country as text'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- triggers that name the column come back over the new one
DROP TRIGGER IF EXISTS login_changed ON public.users;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_users_8b73d7d0 ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_sync_e5577a8b();
ALTER TABLE public.badges DROP CONSTRAINT IF EXISTS badges_login_fkey;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS users_country_fkey;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_login_as_text_e60a2ced;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_country_as_text_3369d91a;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS login_not_empty;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.users DROP COLUMN IF EXISTS login RESTRICT;
ALTER TABLE public.users DROP COLUMN IF EXISTS country RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.users RENAME COLUMN segue_login_as_text_c6c27dc7 TO login;
ALTER TABLE public.users RENAME COLUMN segue_country_as_text_de48c6ac TO country;
-- proven by the validated CHECK: no scan
ALTER TABLE public.users ALTER COLUMN login SET NOT NULL;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_segue_login_as_text_c6c27dc7_not_null_6aab03eb;
-- names and constraints go over to the new indexes
ALTER TABLE public.badges RENAME CONSTRAINT segue_badges_login_fkey_ebcc0c2b TO badges_login_fkey;
ALTER TABLE public.users ADD CONSTRAINT users_login_key UNIQUE USING INDEX segue_users_login_key_9e1ccaf7;
DROP INDEX IF EXISTS public.users_lower_login_idx;
ALTER INDEX public.segue_users_lower_login_idx_8e17eb99 RENAME TO users_lower_login_idx;
DROP INDEX IF EXISTS public.users_pattern_idx;
ALTER INDEX public.segue_users_pattern_idx_b0344f78 RENAME TO users_pattern_idx;
ALTER TABLE public.users RENAME CONSTRAINT segue_login_not_empty_c1f06044 TO login_not_empty;
ALTER TABLE public.users RENAME CONSTRAINT segue_users_country_fkey_6dcd2120 TO users_country_fkey;
DROP STATISTICS IF EXISTS public.users_stats;
ALTER STATISTICS public.segue_users_stats_statistics_abc4aab8 RENAME TO users_stats;
CREATE TRIGGER login_changed BEFORE UPDATE OF login ON public.users FOR EACH ROW EXECUTE FUNCTION public.count_changes();
-- functions over the column plan anew: its type is another
ALTER FUNCTION public.count_changes() VOLATILE;
ALTER FUNCTION public.count_changes() VOLATILE;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
