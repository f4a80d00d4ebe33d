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

SELECT segue.enter('input', '', 4, '7c4e555370e894dd1ef4b0bb827dd00fb12a5b549a07f0815c326d3e6ef0f559') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.players ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.players, ACCESS EXCLUSIVE on public.teams, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename players.team -> team_id
-- from   line 2: rename players.loan -> on_loan_from
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.players') AND attname = 'team' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.players') AND attname = 'loan' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.players') AND conname = 'segue_players_loan_fkey_ad31b50e')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.players') AND conname = 'segue_players_region_fkey_6aefdc60')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.players') AND conname = 'segue_players_team_fkey_1194b647') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.players, public.teams IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.players') AND conname = 'segue_team_id_is_team_8a04d91d' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.players: it is not proven that team_id is team'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.players') AND conname = 'segue_on_loan_from_is_loan_96682222' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.players: it is not proven that on_loan_from is loan'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_players_3bd2a532 ON public.players;
DROP FUNCTION IF EXISTS segue.segue_public_players_sync_17387715();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_players_team_id_null_04bbfd98 ON public.players;
DROP FUNCTION IF EXISTS segue.segue_public_players_team_id_null_function_d837d210();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_players_on_loan_from_null_841dd442 ON public.players;
DROP FUNCTION IF EXISTS segue.segue_public_players_on_loan_from_null_function_9489ffba();
ALTER TABLE public.players DROP CONSTRAINT IF EXISTS players_loan_fkey;
ALTER TABLE public.players DROP CONSTRAINT IF EXISTS players_region_fkey;
ALTER TABLE public.players DROP CONSTRAINT IF EXISTS players_team_fkey;
ALTER TABLE public.players DROP CONSTRAINT IF EXISTS segue_team_id_is_team_8a04d91d;
ALTER TABLE public.players DROP CONSTRAINT IF EXISTS segue_on_loan_from_is_loan_96682222;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.players DROP COLUMN IF EXISTS team RESTRICT;
ALTER TABLE public.players DROP COLUMN IF EXISTS loan RESTRICT;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.players_team_idx;
ALTER INDEX public.segue_players_team_idx_87d48991 RENAME TO players_team_idx;
ALTER TABLE public.players RENAME CONSTRAINT segue_players_loan_fkey_ad31b50e TO players_loan_fkey;
ALTER TABLE public.players RENAME CONSTRAINT segue_players_region_fkey_6aefdc60 TO players_region_fkey;
ALTER TABLE public.players RENAME CONSTRAINT segue_players_team_fkey_1194b647 TO players_team_fkey;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
