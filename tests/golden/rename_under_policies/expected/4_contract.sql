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

SELECT segue.enter('input', '', 4, '49553beb2c86eb3e3b9e44b079898d5892df1903fa415bbd5d59f22d263e7108') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.files ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.files, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename files.owner -> owned_by
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.files') AND attname = 'owner' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.files') AND attname = 'owned_by' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.files') AND conname = 'segue_owned_by_not_null_31460a82') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.files IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.files') AND conname = 'segue_owned_by_is_owner_cd6c77e1' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.files: it is not proven that owned_by is owner'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_files_ab077a7f ON public.files;
DROP FUNCTION IF EXISTS segue.segue_public_files_sync_dd7ba282();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_files_owned_by_null_7be20725 ON public.files;
DROP FUNCTION IF EXISTS segue.segue_public_files_owned_by_null_function_185900ff();
ALTER TABLE public.files DROP CONSTRAINT IF EXISTS segue_owned_by_is_owner_cd6c77e1;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.files DROP COLUMN IF EXISTS owner RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.files ALTER COLUMN owned_by SET NOT NULL;
ALTER TABLE public.files DROP CONSTRAINT IF EXISTS segue_owned_by_not_null_31460a82;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
