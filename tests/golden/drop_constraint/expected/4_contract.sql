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

SELECT segue.enter('input', '', 4, 'e946a2d3c6d2098326d197826eddfc7607e2e75ae6eaf12f36d6bf764176b1ef') AS segue_contracted \gset
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
-- from   line 1: drop constraint teams.teams_code_once
-- from   line 2: drop constraint people.people_team_id_fkey
-- from   line 3: drop constraint people.people_boss_fkey
-- from   line 4: drop constraint people."Grown up"
-- from   line 5: drop constraint public.people.people_age_excl
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'people_team_id_fkey')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'people_boss_fkey')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'Grown up')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'people_age_excl')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'teams_code_once') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.people, public.teams IN ACCESS EXCLUSIVE MODE;
-- the foreign key's triggers are on both tables: both are locked
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS people_team_id_fkey RESTRICT;
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS people_boss_fkey RESTRICT;
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS "Grown up" RESTRICT;
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS people_age_excl RESTRICT;
ALTER TABLE public.teams DROP CONSTRAINT IF EXISTS teams_code_once RESTRICT;
COMMIT;
\endif

-- ── 4.2  Contract public.readings ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.readings, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 6: drop constraint readings.positive
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings') AND conname = 'positive') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.readings IN ACCESS EXCLUSIVE MODE;
ALTER TABLE public.readings DROP CONSTRAINT IF EXISTS positive RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
