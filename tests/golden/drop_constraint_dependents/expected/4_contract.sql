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

SELECT segue.enter('input', '', 4, 'bb3d14c21b254be3309b3a6a96a88637854b855186decb2a6f085b0494f3f7a1') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.people, public.teams ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.people, ACCESS EXCLUSIVE on public.teams, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 2: drop constraint teams.teams_code_key
-- from   line 3: drop constraint people.people_team_fkey
-- from   line 5: rename teams.title -> name
-- from   line 6: drop constraint teams.teams_title_check
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'people_team_fkey')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'teams_code_key')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'teams_title_check')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.teams') AND attname = 'title' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.people, public.teams IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'segue_name_is_title_78c750a8' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.teams: it is not proven that name is title'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_teams_fdbd3d7e ON public.teams;
DROP FUNCTION IF EXISTS segue.segue_public_teams_sync_e10c9451();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_teams_name_null_3cdab108 ON public.teams;
DROP FUNCTION IF EXISTS segue.segue_public_teams_name_null_function_cf152da0();
-- the foreign key's triggers are on both tables: both are locked
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS people_team_fkey RESTRICT;
ALTER TABLE public.teams DROP CONSTRAINT IF EXISTS teams_code_key RESTRICT;
ALTER TABLE public.teams DROP CONSTRAINT IF EXISTS segue_name_is_title_78c750a8;
ALTER TABLE public.teams DROP CONSTRAINT IF EXISTS teams_title_check RESTRICT;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.teams DROP COLUMN IF EXISTS title RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
