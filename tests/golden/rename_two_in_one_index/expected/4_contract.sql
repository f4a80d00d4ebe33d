-- names · phase 4 of 4: contract
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
SELECT segue.require_release('names', interval '0 seconds') AS segue_released \gset

SELECT segue.enter('names', '', 4, 'ba8274123cb2d507337afd826cdb9ce7462c067a2aab4e7751d29be9510bb5c4') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.contacts ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.contacts, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 2: rename contacts.fname -> first_name
-- from   line 3: rename contacts.lname -> last_name
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.contacts') AND attname = 'fname' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.contacts') AND attname = 'lname' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.contacts') AND attname = 'last_name' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.contacts') AND conname = 'segue_last_name_not_null_82d2556f')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.contacts') AND conname = 'segue_contacts_names_check_24ff100a') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.contacts IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.contacts') AND conname = 'segue_first_name_is_fname_826cb98a' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.contacts: it is not proven that first_name is fname'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.contacts') AND conname = 'segue_last_name_is_lname_1182682c' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.contacts: it is not proven that last_name is lname'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_contacts_a4ca49c9 ON public.contacts;
DROP FUNCTION IF EXISTS segue.segue_public_contacts_sync_c746361c();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_contacts_first_name_null_878fe4a6 ON public.contacts;
DROP FUNCTION IF EXISTS segue.segue_public_contacts_first_name_null_function_8c45ba26();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_contacts_last_name_null_c79e785e ON public.contacts;
DROP FUNCTION IF EXISTS segue.segue_public_contacts_last_name_null_function_7867704e();
ALTER TABLE public.contacts DROP CONSTRAINT IF EXISTS segue_first_name_is_fname_826cb98a;
ALTER TABLE public.contacts DROP CONSTRAINT IF EXISTS segue_last_name_is_lname_1182682c;
ALTER TABLE public.contacts DROP CONSTRAINT IF EXISTS contacts_names_check;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.contacts DROP COLUMN IF EXISTS fname RESTRICT;
ALTER TABLE public.contacts DROP COLUMN IF EXISTS lname RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.contacts ALTER COLUMN last_name SET NOT NULL;
ALTER TABLE public.contacts DROP CONSTRAINT IF EXISTS segue_last_name_not_null_82d2556f;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.contacts_initials_idx;
ALTER INDEX public.segue_contacts_initials_idx_6915766a RENAME TO contacts_initials_idx;
DROP INDEX IF EXISTS public.contacts_names_idx;
ALTER INDEX public.segue_contacts_names_idx_b2a1741d RENAME TO contacts_names_idx;
ALTER TABLE public.contacts RENAME CONSTRAINT segue_contacts_names_check_24ff100a TO contacts_names_check;
COMMIT;
\endif

SELECT segue.leave('names', 4) AS "phase complete";
