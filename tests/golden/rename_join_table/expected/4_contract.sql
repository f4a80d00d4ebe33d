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

SELECT segue.enter('input', '', 4, '480f56ce1e168dc9c5fb62c90073ef1ac9663c751aeda270acda592e3a365f71') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.members ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.members, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename members.since -> joined_on
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.members') AND attname = 'since' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.members IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.members') AND conname = 'segue_joined_on_is_since_240148ce' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.members: it is not proven that joined_on is since'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_members_d1bb7693 ON public.members;
DROP FUNCTION IF EXISTS segue.segue_public_members_sync_0d273b66();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_members_joined_on_null_eba46b83 ON public.members;
DROP FUNCTION IF EXISTS segue.segue_public_members_joined_on_null_function_5fe5475d();
ALTER TABLE public.members DROP CONSTRAINT IF EXISTS segue_joined_on_is_since_240148ce;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.members DROP COLUMN IF EXISTS since RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
