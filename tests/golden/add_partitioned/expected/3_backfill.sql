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

SELECT segue.enter('input', '', 3, 'd104efb4327bfc8e86f0f3d7c4cf4b4d8fad42a59063abb867691478517c014b') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.visits ──
-- why    in small batches, until agent has a value on every row
-- locks  ROW EXCLUSIVE on public.visits
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: add visits.agent text required backfill 'unknown'
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.visits_1: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.visits_1'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.visits_1 AS visits
   SET agent = coalesce(agent, 'unknown')
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (agent IS NULL);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
  -- public.visits_2: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.visits_2'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.visits_2 AS visits
   SET agent = coalesce(agent, 'unknown')
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (agent IS NULL);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.visits_agent_day_idx ──
-- why    the parent's index is only a name until every partition's is attached
-- locks  SHARE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP INDEX IF EXISTS public.visits_agent_day_idx; DROP INDEX IF EXISTS
--        public.visits_1_agent_day_idx; DROP INDEX IF EXISTS public.visits_2_agent_day_idx;
-- from   line 2: index visits(agent, day)
SELECT pg_catalog.to_regclass('public.visits_agent_day_idx') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE INDEX visits_agent_day_idx ON ONLY public.visits (agent, day);
COMMIT;
\endif

-- ── 3.3  Build public.visits_1_agent_day_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.visits_1
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 2: index visits(agent, day)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.visits_1_agent_day_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.visits_1_agent_day_idx;
CREATE INDEX CONCURRENTLY visits_1_agent_day_idx ON public.visits_1 (agent, day);
\endif

-- ── 3.4  Build public.visits_2_agent_day_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.visits_2
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 2: index visits(agent, day)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.visits_2_agent_day_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.visits_2_agent_day_idx;
CREATE INDEX CONCURRENTLY visits_2_agent_day_idx ON public.visits_2 (agent, day);
\endif

-- ── 3.5  Attach public.visits_1_agent_day_idx ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.visits_1, ACCESS EXCLUSIVE on public.visits_1_agent_day_idx, SHARE
--        UPDATE EXCLUSIVE on public.visits_agent_day_idx, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 2: index visits(agent, day)
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.visits_1_agent_day_idx') AND inhparent = pg_catalog.to_regclass('public.visits_agent_day_idx')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.visits_agent_day_idx ATTACH PARTITION public.visits_1_agent_day_idx;
COMMIT;
\endif

-- ── 3.6  Attach public.visits_2_agent_day_idx ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.visits_2, ACCESS EXCLUSIVE on public.visits_2_agent_day_idx, SHARE
--        UPDATE EXCLUSIVE on public.visits_agent_day_idx, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 2: index visits(agent, day)
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.visits_2_agent_day_idx') AND inhparent = pg_catalog.to_regclass('public.visits_agent_day_idx')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.visits_agent_day_idx ATTACH PARTITION public.visits_2_agent_day_idx;
COMMIT;
\endif

-- ── 3.7  Add segue_agent_not_null_99a4a6fa to public.visits ──
-- why    agent may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS segue_agent_not_null_99a4a6fa;
-- from   line 1: add visits.agent text required backfill 'unknown'
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_agent_not_null_99a4a6fa') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits
  ADD CONSTRAINT segue_agent_not_null_99a4a6fa CHECK (agent IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.8  Validate public.visits ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.visits
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: add visits.agent text required backfill 'unknown'
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_agent_not_null_99a4a6fa' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits
  VALIDATE CONSTRAINT segue_agent_not_null_99a4a6fa;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
