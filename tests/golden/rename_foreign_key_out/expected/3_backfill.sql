-- input · phase 3 of 4: backfill
--
-- when   after phase 2; before the release that reads what is new
-- apply  segue apply <this directory> --phase 3
--        or psql -v ON_ERROR_STOP=1 -f 3_backfill.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

SELECT segue.enter('input', '', 3, '7c4e555370e894dd1ef4b0bb827dd00fb12a5b549a07f0815c326d3e6ef0f559') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.players ──
-- why    in small batches, until team_id is team and on_loan_from is loan on every row
-- locks  ROW EXCLUSIVE on public.players
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename players.team -> team_id
-- from   line 2: rename players.loan -> on_loan_from
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.players: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.players'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.players
   SET team_id = team, on_loan_from = loan
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (team_id IS DISTINCT FROM team
     OR on_loan_from IS DISTINCT FROM loan);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_players_team_idx_87d48991 ──
-- why    as players_team_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.players
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_players_team_idx_87d48991;
-- from   line 1: rename players.team -> team_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_players_team_idx_87d48991') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_players_team_idx_87d48991;
CREATE INDEX CONCURRENTLY segue_players_team_idx_87d48991 ON public.players (team_id);
\endif

-- ── 3.3  Add 2 constraints to public.players ──
-- why    that team_id is team is proven, and stays so; that on_loan_from is loan is proven, and
--        stays so; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.players, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.players DROP CONSTRAINT IF EXISTS segue_team_id_is_team_8a04d91d; ALTER
--        TABLE public.players DROP CONSTRAINT IF EXISTS segue_on_loan_from_is_loan_96682222;
-- from   line 1: rename players.team -> team_id
-- from   line 2: rename players.loan -> on_loan_from
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.players') AND conname = 'segue_team_id_is_team_8a04d91d')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.players') AND conname = 'segue_on_loan_from_is_loan_96682222') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.players
  ADD CONSTRAINT segue_team_id_is_team_8a04d91d CHECK (NOT pg_catalog.record_image_ne(ROW(team), ROW(team_id))) NOT VALID,
  ADD CONSTRAINT segue_on_loan_from_is_loan_96682222 CHECK (NOT pg_catalog.record_image_ne(ROW(loan), ROW(on_loan_from))) NOT VALID;
COMMIT;
\endif

-- ── 3.4  Add segue_players_loan_fkey_ad31b50e to public.players ──
-- why    as players_loan_fkey, over the new column; NOT VALID: binds new writes at once and reads
--        no row
-- locks  SHARE ROW EXCLUSIVE on public.players, SHARE ROW EXCLUSIVE on public.teams, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.players DROP CONSTRAINT IF EXISTS segue_players_loan_fkey_ad31b50e;
-- from   line 1: rename players.team -> team_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.players') AND conname = 'segue_players_loan_fkey_ad31b50e') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.players
  ADD CONSTRAINT segue_players_loan_fkey_ad31b50e FOREIGN KEY (on_loan_from) REFERENCES public.teams (id) DEFERRABLE INITIALLY DEFERRED NOT VALID;
COMMIT;
\endif

-- ── 3.5  Add segue_players_region_fkey_6aefdc60 to public.players ──
-- why    as players_region_fkey, over the new column; NOT VALID: binds new writes at once and reads
--        no row
-- locks  SHARE ROW EXCLUSIVE on public.players, SHARE ROW EXCLUSIVE on public.teams, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.players DROP CONSTRAINT IF EXISTS segue_players_region_fkey_6aefdc60;
-- from   line 1: rename players.team -> team_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.players') AND conname = 'segue_players_region_fkey_6aefdc60') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.players
  ADD CONSTRAINT segue_players_region_fkey_6aefdc60 FOREIGN KEY (region, team_id) REFERENCES public.teams (region, id) MATCH FULL NOT VALID;
COMMIT;
\endif

-- ── 3.6  Add segue_players_team_fkey_1194b647 to public.players ──
-- why    as players_team_fkey, over the new column; NOT VALID: binds new writes at once and reads
--        no row
-- locks  SHARE ROW EXCLUSIVE on public.players, SHARE ROW EXCLUSIVE on public.teams, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.players DROP CONSTRAINT IF EXISTS segue_players_team_fkey_1194b647;
-- from   line 1: rename players.team -> team_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.players') AND conname = 'segue_players_team_fkey_1194b647') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.players
  ADD CONSTRAINT segue_players_team_fkey_1194b647 FOREIGN KEY (team_id) REFERENCES public.teams (id) ON UPDATE CASCADE ON DELETE SET NULL NOT VALID;
COMMIT;
\endif

-- ── 3.7  Validate public.players ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.players
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename players.team -> team_id
-- from   line 2: rename players.loan -> on_loan_from
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.players') AND conname = 'segue_team_id_is_team_8a04d91d' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.players') AND conname = 'segue_on_loan_from_is_loan_96682222' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.players
  VALIDATE CONSTRAINT segue_team_id_is_team_8a04d91d,
  VALIDATE CONSTRAINT segue_on_loan_from_is_loan_96682222;
COMMIT;
\endif

-- ── 3.8  Validate public.players ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.players, ROW SHARE on public.teams
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename players.team -> team_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.players') AND conname = 'segue_players_loan_fkey_ad31b50e' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.players
  VALIDATE CONSTRAINT segue_players_loan_fkey_ad31b50e;
COMMIT;
\endif

-- ── 3.9  Validate public.players ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.players, ROW SHARE on public.teams
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename players.team -> team_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.players') AND conname = 'segue_players_region_fkey_6aefdc60' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.players
  VALIDATE CONSTRAINT segue_players_region_fkey_6aefdc60;
COMMIT;
\endif

-- ── 3.10  Validate public.players ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.players, ROW SHARE on public.teams
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename players.team -> team_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.players') AND conname = 'segue_players_team_fkey_1194b647' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.players
  VALIDATE CONSTRAINT segue_players_team_fkey_1194b647;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
