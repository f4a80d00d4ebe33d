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

SELECT segue.enter('input', '', 3, 'cc0100118186375b06496c370f865182b7359599d35627ae3a1c7df74de5dce7') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.hits ──
-- why    in small batches, until the copy of n is n as integer on every row
-- locks  ROW EXCLUSIVE on public.hits
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 2: widen hits.n -> integer
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.hits: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.hits'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.hits
   SET segue_n_as_integer_09af1387 = n::integer
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_n_as_integer_09af1387), ROW(n::integer)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Fill public.members ──
-- why    in small batches, until the copy of team_id is team_id as bigint on every row
-- locks  ROW EXCLUSIVE on public.members
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: widen teams.id -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.members: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.members'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
      SET LOCAL session_replication_role = replica;
UPDATE ONLY public.members
   SET segue_team_id_as_bigint_d38c8189 = team_id::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_team_id_as_bigint_d38c8189), ROW(team_id::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Fill public.scores ──
-- why    in small batches, until the copy of team is team as bigint on every row
-- locks  ROW EXCLUSIVE on public.scores
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: widen teams.id -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.scores: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.scores'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.scores
   SET segue_team_as_bigint_4b586e21 = team::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_team_as_bigint_4b586e21), ROW(team::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.4  Fill public.teams ──
-- why    in small batches, until the copy of id is id as bigint on every row
-- locks  ROW EXCLUSIVE on public.teams
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: widen teams.id -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.teams: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.teams'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.teams
   SET segue_id_as_bigint_7eaff00d = id::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_id_as_bigint_7eaff00d), ROW(id::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.5  Build public.segue_teams_pkey_5ba1ee13 ──
-- why    as teams_pkey, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.teams
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_teams_pkey_5ba1ee13;
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_teams_pkey_5ba1ee13') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_teams_pkey_5ba1ee13;
CREATE UNIQUE INDEX CONCURRENTLY segue_teams_pkey_5ba1ee13 ON public.teams (region, segue_id_as_bigint_7eaff00d);
\endif

-- ── 3.6  Build public.segue_teams_code_9b92b529 ──
-- why    as teams_code, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.teams
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_teams_code_9b92b529;
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_teams_code_9b92b529') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_teams_code_9b92b529;
CREATE INDEX CONCURRENTLY segue_teams_code_9b92b529 ON public.teams (code) INCLUDE (segue_id_as_bigint_7eaff00d) WHERE (segue_id_as_bigint_7eaff00d > 10);
\endif

-- ── 3.7  Add 2 constraints to public.hits ──
-- why    that the copy of n is n as integer is proven, and stays so; segue_n_as_integer_09af1387
--        may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.hits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.hits DROP CONSTRAINT IF EXISTS segue_n_as_integer_a0213ee5; ALTER TABLE
--        public.hits DROP CONSTRAINT IF EXISTS segue_segue_n_as_integer_09af1387_not_null_475959fb;
-- from   line 2: widen hits.n -> integer
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.hits') AND conname = 'segue_n_as_integer_a0213ee5')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.hits') AND conname = 'segue_segue_n_as_integer_09af1387_not_null_475959fb') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.hits
  ADD CONSTRAINT segue_n_as_integer_a0213ee5 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_n_as_integer_09af1387), ROW(n::integer))) NOT VALID,
  ADD CONSTRAINT segue_segue_n_as_integer_09af1387_not_null_475959fb CHECK (segue_n_as_integer_09af1387 IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.8  Add segue_team_id_as_bigint_98b9da6b to public.members ──
-- why    that the copy of team_id is team_id as bigint is proven, and stays so; NOT VALID: binds
--        new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.members, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.members DROP CONSTRAINT IF EXISTS segue_team_id_as_bigint_98b9da6b;
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.members') AND conname = 'segue_team_id_as_bigint_98b9da6b') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.members
  ADD CONSTRAINT segue_team_id_as_bigint_98b9da6b CHECK (NOT pg_catalog.record_image_ne(ROW(segue_team_id_as_bigint_d38c8189), ROW(team_id::bigint))) NOT VALID;
COMMIT;
\endif

-- ── 3.9  Add segue_team_as_bigint_d3593f43 to public.scores ──
-- why    that the copy of team is team as bigint is proven, and stays so; NOT VALID: binds new
--        writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.scores, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.scores DROP CONSTRAINT IF EXISTS segue_team_as_bigint_d3593f43;
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.scores') AND conname = 'segue_team_as_bigint_d3593f43') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.scores
  ADD CONSTRAINT segue_team_as_bigint_d3593f43 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_team_as_bigint_4b586e21), ROW(team::bigint))) NOT VALID;
COMMIT;
\endif

-- ── 3.10  Add 3 constraints to public.teams ──
-- why    that the copy of id is id as bigint is proven, and stays so; segue_id_as_bigint_7eaff00d
--        may not be NULL any more; as teams_id_check, over the new column; NOT VALID: binds new
--        writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.teams, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.teams DROP CONSTRAINT IF EXISTS segue_id_as_bigint_1bb378af; ALTER
--        TABLE public.teams DROP CONSTRAINT IF EXISTS
--        segue_segue_id_as_bigint_7eaff00d_not_null_7b197021; ALTER TABLE public.teams DROP
--        CONSTRAINT IF EXISTS segue_teams_id_check_9d9c924a;
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'segue_id_as_bigint_1bb378af')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'segue_teams_id_check_9d9c924a') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.teams
  ADD CONSTRAINT segue_id_as_bigint_1bb378af CHECK (NOT pg_catalog.record_image_ne(ROW(segue_id_as_bigint_7eaff00d), ROW(id::bigint))) NOT VALID,
  ADD CONSTRAINT segue_segue_id_as_bigint_7eaff00d_not_null_7b197021 CHECK (segue_id_as_bigint_7eaff00d IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_teams_id_check_9d9c924a CHECK (segue_id_as_bigint_7eaff00d > 0) NOT VALID;
COMMIT;
\endif

-- ── 3.11  Add segue_members_team_26cb9bc2 to public.members ──
-- why    as members_team, over the new column; NOT VALID: binds new writes at once and reads no row
-- locks  SHARE ROW EXCLUSIVE on public.members, SHARE ROW EXCLUSIVE on public.teams, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.members DROP CONSTRAINT IF EXISTS segue_members_team_26cb9bc2;
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.members') AND conname = 'segue_members_team_26cb9bc2') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.members
  ADD CONSTRAINT segue_members_team_26cb9bc2 FOREIGN KEY (region, segue_team_id_as_bigint_d38c8189) REFERENCES public.teams (region, segue_id_as_bigint_7eaff00d) ON DELETE SET NULL NOT VALID;
COMMIT;
\endif

-- ── 3.12  Add segue_scores_team_41874e80 to public.scores ──
-- why    as scores_team, over the new column; NOT VALID: binds new writes at once and reads no row
-- locks  SHARE ROW EXCLUSIVE on public.scores, SHARE ROW EXCLUSIVE on public.teams, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.scores DROP CONSTRAINT IF EXISTS segue_scores_team_41874e80;
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.scores') AND conname = 'segue_scores_team_41874e80') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.scores
  ADD CONSTRAINT segue_scores_team_41874e80 FOREIGN KEY (region, segue_team_as_bigint_4b586e21) REFERENCES public.teams (region, segue_id_as_bigint_7eaff00d) NOT VALID;
COMMIT;
\endif

-- ── 3.13  Validate public.hits ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.hits
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 2: widen hits.n -> integer
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.hits') AND conname = 'segue_n_as_integer_a0213ee5' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.hits') AND conname = 'segue_segue_n_as_integer_09af1387_not_null_475959fb' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.hits
  VALIDATE CONSTRAINT segue_n_as_integer_a0213ee5,
  VALIDATE CONSTRAINT segue_segue_n_as_integer_09af1387_not_null_475959fb;
COMMIT;
\endif

-- ── 3.14  Validate public.members ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.members
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.members') AND conname = 'segue_team_id_as_bigint_98b9da6b' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.members
  VALIDATE CONSTRAINT segue_team_id_as_bigint_98b9da6b;
COMMIT;
\endif

-- ── 3.15  Validate public.scores ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.scores
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.scores') AND conname = 'segue_team_as_bigint_d3593f43' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.scores
  VALIDATE CONSTRAINT segue_team_as_bigint_d3593f43;
COMMIT;
\endif

-- ── 3.16  Validate public.teams ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.teams
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'segue_id_as_bigint_1bb378af' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'segue_teams_id_check_9d9c924a' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.teams
  VALIDATE CONSTRAINT segue_id_as_bigint_1bb378af,
  VALIDATE CONSTRAINT segue_segue_id_as_bigint_7eaff00d_not_null_7b197021,
  VALIDATE CONSTRAINT segue_teams_id_check_9d9c924a;
COMMIT;
\endif

-- ── 3.17  Validate public.members ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.members, ROW SHARE on public.teams
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.members') AND conname = 'segue_members_team_26cb9bc2' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.members
  VALIDATE CONSTRAINT segue_members_team_26cb9bc2;
COMMIT;
\endif

-- ── 3.18  Let policy small read the new column ──
-- why    old and new say the same by now: no row is shown or hidden that was not before
-- locks  ACCESS EXCLUSIVE on public.teams, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER POLICY small ON public.teams USING (id < 1000000);
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND d.objid IN (SELECT oid FROM pg_catalog.pg_policy WHERE polrelid = pg_catalog.to_regclass('public.teams') AND polname = 'small') AND d.refobjid = pg_catalog.to_regclass('public.teams') AND a.attname = 'segue_id_as_bigint_7eaff00d') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER POLICY small ON public.teams USING (segue_id_as_bigint_7eaff00d < 1000000);
COMMIT;
\endif

-- ── 3.19  Keep statistics as public.teams_stats ──
-- why    the planner of queries over the new column needs them as much; the next ANALYZE fills them
-- locks  SHARE UPDATE EXCLUSIVE on public.teams, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP STATISTICS IF EXISTS public.segue_teams_stats_statistics_95a9276a;
-- from   line 1: widen teams.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_statistic_ext WHERE stxname = 'segue_teams_stats_statistics_95a9276a' AND stxnamespace = pg_catalog.to_regnamespace('public')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE STATISTICS public.segue_teams_stats_statistics_95a9276a (ndistinct, dependencies, mcv) ON region, segue_id_as_bigint_7eaff00d FROM public.teams;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
