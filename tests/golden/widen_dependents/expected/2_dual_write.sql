-- input · phase 2 of 4: dual-write
--
-- when   after phase 1; before the release that writes what is new
-- apply  segue apply <this directory> --phase 2
--        or psql -v ON_ERROR_STOP=1 -f 2_dual_write.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

SELECT segue.enter('input', '', 2, 'cc0100118186375b06496c370f865182b7359599d35627ae3a1c7df74de5dce7') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.hits ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.hits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_hits_d9675652 ON public.hits; DROP
--        FUNCTION IF EXISTS segue.segue_public_hits_sync_ccf19d35();
-- from   line 2: widen hits.n -> integer
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.hits') AND tgname = 'zz_segue_sync_segue_public_hits_d9675652' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_hits_sync_ccf19d35() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- n and its copy of the new type say the same
  IF (NEW.segue_n_as_integer_09af1387 OPERATOR(pg_catalog.=) NEW.n::integer
      OR (NEW.segue_n_as_integer_09af1387 IS NULL AND NEW.n::integer IS NULL)) IS NOT TRUE THEN
    NEW.segue_n_as_integer_09af1387 := NEW.n::integer;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.hits', 'zz_segue_sync_segue_public_hits_d9675652');
CREATE TRIGGER zz_segue_sync_segue_public_hits_d9675652 BEFORE INSERT OR UPDATE ON public.hits
  FOR EACH ROW WHEN ((NEW.segue_n_as_integer_09af1387 OPERATOR(pg_catalog.=) NEW.n::integer
      OR (NEW.segue_n_as_integer_09af1387 IS NULL AND NEW.n::integer IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_hits_sync_ccf19d35();
ALTER TABLE public.hits ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_hits_d9675652;
COMMIT;
\endif

-- ── 2.2  Dual-write on public.members ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.members, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_members_d1bb7693 ON public.members; DROP
--        FUNCTION IF EXISTS segue.segue_public_members_sync_0d273b66();
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.members') AND tgname = 'zz_segue_sync_segue_public_members_d1bb7693' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_members_sync_0d273b66() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- team_id and its copy of the new type say the same
  IF (NEW.segue_team_id_as_bigint_d38c8189 OPERATOR(pg_catalog.=) NEW.team_id::bigint
      OR (NEW.segue_team_id_as_bigint_d38c8189 IS NULL AND NEW.team_id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_team_id_as_bigint_d38c8189 := NEW.team_id::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.members', 'zz_segue_sync_segue_public_members_d1bb7693');
CREATE TRIGGER zz_segue_sync_segue_public_members_d1bb7693 BEFORE INSERT OR UPDATE ON public.members
  FOR EACH ROW WHEN ((NEW.segue_team_id_as_bigint_d38c8189 OPERATOR(pg_catalog.=) NEW.team_id::bigint
      OR (NEW.segue_team_id_as_bigint_d38c8189 IS NULL AND NEW.team_id::bigint IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_members_sync_0d273b66();
ALTER TABLE public.members ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_members_d1bb7693;
COMMIT;
\endif

-- ── 2.3  Dual-write on public.scores ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.scores, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_scores_69d89db3 ON public.scores; DROP
--        FUNCTION IF EXISTS segue.segue_public_scores_sync_17e86206();
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.scores') AND tgname = 'zz_segue_sync_segue_public_scores_69d89db3' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_scores_sync_17e86206() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- team and its copy of the new type say the same
  IF (NEW.segue_team_as_bigint_4b586e21 OPERATOR(pg_catalog.=) NEW.team::bigint
      OR (NEW.segue_team_as_bigint_4b586e21 IS NULL AND NEW.team::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_team_as_bigint_4b586e21 := NEW.team::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.scores', 'zz_segue_sync_segue_public_scores_69d89db3');
CREATE TRIGGER zz_segue_sync_segue_public_scores_69d89db3 BEFORE INSERT OR UPDATE ON public.scores
  FOR EACH ROW WHEN ((NEW.segue_team_as_bigint_4b586e21 OPERATOR(pg_catalog.=) NEW.team::bigint
      OR (NEW.segue_team_as_bigint_4b586e21 IS NULL AND NEW.team::bigint IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_scores_sync_17e86206();
ALTER TABLE public.scores ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_scores_69d89db3;
COMMIT;
\endif

-- ── 2.4  Dual-write on public.teams ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.teams, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_teams_fdbd3d7e ON public.teams; DROP
--        FUNCTION IF EXISTS segue.segue_public_teams_sync_e10c9451();
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.teams') AND tgname = 'zz_segue_sync_segue_public_teams_fdbd3d7e' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_teams_sync_e10c9451() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- id and its copy of the new type say the same
  IF (NEW.segue_id_as_bigint_7eaff00d OPERATOR(pg_catalog.=) NEW.id::bigint
      OR (NEW.segue_id_as_bigint_7eaff00d IS NULL AND NEW.id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_id_as_bigint_7eaff00d := NEW.id::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.teams', 'zz_segue_sync_segue_public_teams_fdbd3d7e');
CREATE TRIGGER zz_segue_sync_segue_public_teams_fdbd3d7e BEFORE INSERT OR UPDATE ON public.teams
  FOR EACH ROW WHEN ((NEW.segue_id_as_bigint_7eaff00d OPERATOR(pg_catalog.=) NEW.id::bigint
      OR (NEW.segue_id_as_bigint_7eaff00d IS NULL AND NEW.id::bigint IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_teams_sync_e10c9451();
ALTER TABLE public.teams ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_teams_fdbd3d7e;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
