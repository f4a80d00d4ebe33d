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

SELECT segue.enter('input', '', 3, 'dcf08c1e381d738f9bec9c9a12b1cf8c3cdb25461bd64852ce1b2e39f8f445c2') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.events ──
-- why    in small batches, until happened_at is happened on every row
-- locks  ROW EXCLUSIVE on public.events
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename events.happened -> happened_at
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.events: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.events'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.events
   SET happened_at = happened
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (happened_at IS DISTINCT FROM happened);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_events_happened_brin_fd7dcb44 ──
-- why    as events_happened_brin, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.events
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_events_happened_brin_fd7dcb44;
-- from   line 1: rename events.happened -> happened_at
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_events_happened_brin_fd7dcb44') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_events_happened_brin_fd7dcb44;
CREATE INDEX CONCURRENTLY segue_events_happened_brin_fd7dcb44 ON public.events USING brin (happened_at) WITH (pages_per_range = '32');
\endif

-- ── 3.3  Build public.segue_events_kind_happened_idx_def299e3 ──
-- why    as events_kind_happened_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.events
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_events_kind_happened_idx_def299e3;
-- from   line 1: rename events.happened -> happened_at
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_events_kind_happened_idx_def299e3') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_events_kind_happened_idx_def299e3;
CREATE INDEX CONCURRENTLY segue_events_kind_happened_idx_def299e3 ON public.events (kind pg_catalog.text_pattern_ops, happened_at DESC NULLS LAST, source COLLATE pg_catalog."C" NULLS FIRST) WITH (fillfactor = '70');
\endif

-- ── 3.4  Add segue_happened_at_is_happened_cc7b2411 to public.events ──
-- why    that happened_at is happened is proven, and stays so; NOT VALID: binds new writes at once
--        and reads no row
-- locks  ACCESS EXCLUSIVE on public.events, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.events DROP CONSTRAINT IF EXISTS
--        segue_happened_at_is_happened_cc7b2411;
-- from   line 1: rename events.happened -> happened_at
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.events') AND conname = 'segue_happened_at_is_happened_cc7b2411') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.events
  ADD CONSTRAINT segue_happened_at_is_happened_cc7b2411 CHECK (NOT pg_catalog.record_image_ne(ROW(happened), ROW(happened_at))) NOT VALID;
COMMIT;
\endif

-- ── 3.5  Validate public.events ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.events
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename events.happened -> happened_at
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.events') AND conname = 'segue_happened_at_is_happened_cc7b2411' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.events
  VALIDATE CONSTRAINT segue_happened_at_is_happened_cc7b2411;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
