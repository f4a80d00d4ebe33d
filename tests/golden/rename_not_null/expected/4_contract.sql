-- display_name · phase 4 of 4: contract
-- Show the name that people choose
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
SELECT segue.require_release('display_name', interval '604800 seconds') AS segue_released \gset

SELECT segue.enter('display_name', 'Show the name that people choose', 4, '1ae6ede44466153ef27122f7d86a6d29a489896d7f70359e9d63cb808ed975bd') AS segue_contracted \gset
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
-- from   line 6: rename users.full_name -> display_name
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'full_name' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'display_name' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_display_name_not_null_418da3e1') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_display_name_is_full_name_6c7949bc' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.users: it is not proven that display_name is full_name'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_users_d4f26e8a ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_sync_7b90e0bd();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_users_display_name_null_9092af59 ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_display_name_null_function_82e4e75b();
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_display_name_is_full_name_6c7949bc;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.users DROP COLUMN IF EXISTS full_name RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.users ALTER COLUMN display_name SET NOT NULL;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_display_name_not_null_418da3e1;
COMMIT;
\endif

SELECT segue.leave('display_name', 4) AS "phase complete";
