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

SELECT segue.enter('input', '', 3, 'dc1f2e7f03dfb925f03f7a54a4c78047ed11dd6d3956fdca75a97ec74a392c7e') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.events ──
-- why    in small batches, until the copy of score is score as bigint on every row
-- locks  ROW EXCLUSIVE on public.events
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: retype events.score -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.events_2023: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.events_2023'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.events_2023 AS events
   SET segue_score_as_bigint_cfec3648 = score::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_score_as_bigint_cfec3648), ROW(score::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
  -- public.events_2024_0: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.events_2024_0'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.events_2024_0 AS events
   SET segue_score_as_bigint_cfec3648 = score::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_score_as_bigint_cfec3648), ROW(score::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
  -- public.events_2024_1: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.events_2024_1'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.events_2024_1 AS events
   SET segue_score_as_bigint_cfec3648 = score::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_score_as_bigint_cfec3648), ROW(score::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_events_score_idx_2f857c47 ──
-- why    the parent's index is only a name until every partition's is attached
-- locks  SHARE on public.events, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP INDEX IF EXISTS public.segue_events_score_idx_2f857c47; …
-- from   line 1: retype events.score -> bigint
SELECT pg_catalog.to_regclass('public.segue_events_score_idx_2f857c47') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '160ms';
CREATE INDEX segue_events_score_idx_2f857c47 ON ONLY public.events (segue_score_as_bigint_cfec3648, day);
COMMIT;
\endif

-- ── 3.3  Build public.segue_events_2023_events_score_idx_41027ff6 ──
-- why    as events_score_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.events_2023
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: retype events.score -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_events_2023_events_score_idx_41027ff6') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_events_2023_events_score_idx_41027ff6;
CREATE INDEX CONCURRENTLY segue_events_2023_events_score_idx_41027ff6 ON public.events_2023 (segue_score_as_bigint_cfec3648, day);
\endif

-- ── 3.4  Build public.segue_events_2024_events_score_idx_68c42835 ──
-- why    the parent's index is only a name until every partition's is attached
-- locks  SHARE on public.events_2024, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: retype events.score -> bigint
SELECT pg_catalog.to_regclass('public.segue_events_2024_events_score_idx_68c42835') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE INDEX segue_events_2024_events_score_idx_68c42835 ON ONLY public.events_2024 (segue_score_as_bigint_cfec3648, day);
COMMIT;
\endif

-- ── 3.5  Build public.segue_events_2024_0_events_score_idx_c96f7e38 ──
-- why    as events_score_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.events_2024_0
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: retype events.score -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_events_2024_0_events_score_idx_c96f7e38') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_events_2024_0_events_score_idx_c96f7e38;
CREATE INDEX CONCURRENTLY segue_events_2024_0_events_score_idx_c96f7e38 ON public.events_2024_0 (segue_score_as_bigint_cfec3648, day);
\endif

-- ── 3.6  Build public.segue_events_2024_1_events_score_idx_78b1c021 ──
-- why    as events_score_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.events_2024_1
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: retype events.score -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_events_2024_1_events_score_idx_78b1c021') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_events_2024_1_events_score_idx_78b1c021;
CREATE INDEX CONCURRENTLY segue_events_2024_1_events_score_idx_78b1c021 ON public.events_2024_1 (segue_score_as_bigint_cfec3648, day);
\endif

-- ── 3.7  Attach public.segue_events_2023_events_score_idx_41027ff6 ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.events_2023, ACCESS EXCLUSIVE on
--        public.segue_events_2023_events_score_idx_41027ff6, SHARE UPDATE EXCLUSIVE on
--        public.segue_events_score_idx_2f857c47, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: retype events.score -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_events_2023_events_score_idx_41027ff6') AND inhparent = pg_catalog.to_regclass('public.segue_events_score_idx_2f857c47')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.segue_events_score_idx_2f857c47 ATTACH PARTITION public.segue_events_2023_events_score_idx_41027ff6;
COMMIT;
\endif

-- ── 3.8  Attach public.segue_events_2024_events_score_idx_68c42835 ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.events_2024, ACCESS EXCLUSIVE on
--        public.segue_events_2024_events_score_idx_68c42835, SHARE UPDATE EXCLUSIVE on
--        public.segue_events_score_idx_2f857c47, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: retype events.score -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_events_2024_events_score_idx_68c42835') AND inhparent = pg_catalog.to_regclass('public.segue_events_score_idx_2f857c47')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.segue_events_score_idx_2f857c47 ATTACH PARTITION public.segue_events_2024_events_score_idx_68c42835;
COMMIT;
\endif

-- ── 3.9  Attach public.segue_events_2024_0_events_score_idx_c96f7e38 ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.events_2024_0, ACCESS EXCLUSIVE on
--        public.segue_events_2024_0_events_score_idx_c96f7e38, SHARE UPDATE EXCLUSIVE on
--        public.segue_events_2024_events_score_idx_68c42835, ACCESS EXCLUSIVE on public.events, for
--        a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: retype events.score -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_events_2024_0_events_score_idx_c96f7e38') AND inhparent = pg_catalog.to_regclass('public.segue_events_2024_events_score_idx_68c42835')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '100ms';
ALTER INDEX public.segue_events_2024_events_score_idx_68c42835 ATTACH PARTITION public.segue_events_2024_0_events_score_idx_c96f7e38;
COMMIT;
\endif

-- ── 3.10  Attach public.segue_events_2024_1_events_score_idx_78b1c021 ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.events_2024_1, ACCESS EXCLUSIVE on
--        public.segue_events_2024_1_events_score_idx_78b1c021, SHARE UPDATE EXCLUSIVE on
--        public.segue_events_2024_events_score_idx_68c42835, ACCESS EXCLUSIVE on public.events, for
--        a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: retype events.score -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_events_2024_1_events_score_idx_78b1c021') AND inhparent = pg_catalog.to_regclass('public.segue_events_2024_events_score_idx_68c42835')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '100ms';
ALTER INDEX public.segue_events_2024_events_score_idx_68c42835 ATTACH PARTITION public.segue_events_2024_1_events_score_idx_78b1c021;
COMMIT;
\endif

-- ── 3.11  Add segue_score_as_bigint_a8ff8682 to public.events ──
-- why    that the copy of score is score as bigint is proven, and stays so; NOT VALID: binds new
--        writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.events, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.events DROP CONSTRAINT IF EXISTS segue_score_as_bigint_a8ff8682;
-- from   line 1: retype events.score -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.events') AND conname = 'segue_score_as_bigint_a8ff8682') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '160ms';
ALTER TABLE public.events
  ADD CONSTRAINT segue_score_as_bigint_a8ff8682 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_score_as_bigint_cfec3648), ROW(score::bigint))) NOT VALID;
COMMIT;
\endif

-- ── 3.12  Validate public.events ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.events
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: retype events.score -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.events') AND conname = 'segue_score_as_bigint_a8ff8682' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.events
  VALIDATE CONSTRAINT segue_score_as_bigint_a8ff8682;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
