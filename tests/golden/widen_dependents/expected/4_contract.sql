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

SELECT segue.enter('input', '', 4, 'cc0100118186375b06496c370f865182b7359599d35627ae3a1c7df74de5dce7') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.hits ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.hits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 2: widen hits.n -> integer
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.hits') AND attname = 'segue_n_as_integer_09af1387' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.hits') AND attname = 'n' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.hits') AND conname = 'segue_segue_n_as_integer_09af1387_not_null_475959fb') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.hits IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.hits') AND conname = 'segue_n_as_integer_a0213ee5' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.hits: it is not proven that the copy of n is n as integer'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_hits_d9675652 ON public.hits;
DROP FUNCTION IF EXISTS segue.segue_public_hits_sync_ccf19d35();
ALTER TABLE public.hits DROP CONSTRAINT IF EXISTS segue_n_as_integer_a0213ee5;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.hits DROP COLUMN IF EXISTS n RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.hits RENAME COLUMN segue_n_as_integer_09af1387 TO n;
-- proven by the validated CHECK: no scan
ALTER TABLE public.hits ALTER COLUMN n SET NOT NULL;
ALTER TABLE public.hits DROP CONSTRAINT IF EXISTS segue_segue_n_as_integer_09af1387_not_null_475959fb;
-- the default comes when the old column is gone: earlier it would win over an old INSERT's value
ALTER TABLE public.hits ALTER COLUMN n SET DEFAULT 0;
COMMIT;
\endif

-- ── 4.2  Contract public.members, public.scores, public.teams ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.members, ACCESS EXCLUSIVE on public.scores, ACCESS EXCLUSIVE on
--        public.teams, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: widen teams.id -> bigint
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.members') AND attname = 'segue_team_id_as_bigint_d38c8189' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.scores') AND attname = 'segue_team_as_bigint_4b586e21' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.teams') AND attname = 'segue_id_as_bigint_7eaff00d' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.teams') AND attname = 'id' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.members') AND conname = 'segue_members_team_26cb9bc2')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.scores') AND conname = 'segue_scores_team_41874e80')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'teams_pkey')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'segue_teams_id_check_9d9c924a') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.members, public.scores, public.teams IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.members') AND conname = 'segue_team_id_as_bigint_98b9da6b' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.members: it is not proven that the copy of team_id is team_id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.scores') AND conname = 'segue_team_as_bigint_d3593f43' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.scores: it is not proven that the copy of team is team as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'segue_id_as_bigint_1bb378af' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.teams: it is not proven that the copy of id is id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- triggers that name the column come back over the new one
DROP TRIGGER IF EXISTS counted ON public.members;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_members_d1bb7693 ON public.members;
DROP FUNCTION IF EXISTS segue.segue_public_members_sync_0d273b66();
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_scores_69d89db3 ON public.scores;
DROP FUNCTION IF EXISTS segue.segue_public_scores_sync_17e86206();
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_teams_fdbd3d7e ON public.teams;
DROP FUNCTION IF EXISTS segue.segue_public_teams_sync_e10c9451();
ALTER TABLE public.members DROP CONSTRAINT IF EXISTS members_team;
ALTER TABLE public.scores DROP CONSTRAINT IF EXISTS scores_team;
ALTER TABLE public.members DROP CONSTRAINT IF EXISTS segue_team_id_as_bigint_98b9da6b;
ALTER TABLE public.scores DROP CONSTRAINT IF EXISTS segue_team_as_bigint_d3593f43;
ALTER TABLE public.teams DROP CONSTRAINT IF EXISTS segue_id_as_bigint_1bb378af;
ALTER TABLE public.teams DROP CONSTRAINT IF EXISTS teams_id_check;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.members DROP COLUMN IF EXISTS team_id RESTRICT;
ALTER TABLE public.scores DROP COLUMN IF EXISTS team RESTRICT;
ALTER TABLE public.teams DROP COLUMN IF EXISTS id RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.members RENAME COLUMN segue_team_id_as_bigint_d38c8189 TO team_id;
ALTER TABLE public.scores RENAME COLUMN segue_team_as_bigint_4b586e21 TO team;
ALTER TABLE public.teams RENAME COLUMN segue_id_as_bigint_7eaff00d TO id;
-- proven by the validated CHECK: no scan
ALTER TABLE public.teams ALTER COLUMN id SET NOT NULL;
ALTER TABLE public.teams DROP CONSTRAINT IF EXISTS segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
-- the default comes when the old column is gone: earlier it would win over an old INSERT's value
ALTER TABLE public.members ALTER COLUMN team_id SET DEFAULT 7;
ALTER TABLE public.teams ALTER COLUMN id SET DEFAULT nextval('public.team_numbers'::regclass);
-- names and constraints go over to the new indexes
ALTER TABLE public.members RENAME CONSTRAINT segue_members_team_26cb9bc2 TO members_team;
COMMENT ON CONSTRAINT members_team ON public.members IS 'one team at a time';
ALTER TABLE public.scores RENAME CONSTRAINT segue_scores_team_41874e80 TO scores_team;
DROP INDEX IF EXISTS public.teams_code;
ALTER INDEX public.segue_teams_code_9b92b529 RENAME TO teams_code;
ALTER TABLE public.teams ADD CONSTRAINT teams_pkey PRIMARY KEY USING INDEX segue_teams_pkey_5ba1ee13;
ALTER TABLE public.teams RENAME CONSTRAINT segue_teams_id_check_9d9c924a TO teams_id_check;
DROP STATISTICS IF EXISTS public.teams_stats;
ALTER STATISTICS public.segue_teams_stats_statistics_95a9276a RENAME TO teams_stats;
CREATE TRIGGER counted BEFORE UPDATE OF team_id ON public.members FOR EACH ROW EXECUTE FUNCTION public.count_change();
-- functions over the column plan anew: its type is another
ALTER FUNCTION public.count_change() VOLATILE;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
