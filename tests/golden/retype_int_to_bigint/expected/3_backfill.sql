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

SELECT segue.enter('input', '', 3, 'cfd8915e5372477fa23412f72b9ecb13cb8b956cc3b5ee39267fb254bbc12a93') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.counters ──
-- why    in small batches, until the copy of hits is hits as bigint and the copy of misses is
--        misses as bigint on every row
-- locks  ROW EXCLUSIVE on public.counters
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: retype counters.hits -> bigint
-- from   line 2: retype counters.misses -> bigint back (misses::integer)
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.counters: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.counters'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.counters
   SET segue_hits_as_bigint_f477ecfe = hits::bigint, segue_misses_as_bigint_e131af68 = misses::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_hits_as_bigint_f477ecfe), ROW(hits::bigint))
     OR pg_catalog.record_image_ne(ROW(segue_misses_as_bigint_e131af68), ROW(misses::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_counters_hits_idx_2923c75d ──
-- why    as counters_hits_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.counters
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_counters_hits_idx_2923c75d;
-- from   line 1: retype counters.hits -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_counters_hits_idx_2923c75d') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_counters_hits_idx_2923c75d;
CREATE INDEX CONCURRENTLY segue_counters_hits_idx_2923c75d ON public.counters (segue_hits_as_bigint_f477ecfe DESC, id) WHERE (segue_hits_as_bigint_f477ecfe > 10);
\endif

-- ── 3.3  Add 4 constraints to public.counters ──
-- why    that the copy of hits is hits as bigint is proven, and stays so; that the copy of misses
--        is misses as bigint is proven, and stays so; segue_hits_as_bigint_f477ecfe may not be NULL
--        any more; as counters_hits_check, over the new column; NOT VALID: binds new writes at once
--        and reads no row
-- locks  ACCESS EXCLUSIVE on public.counters, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.counters DROP CONSTRAINT IF EXISTS segue_hits_as_bigint_525f76a8; …
-- from   line 1: retype counters.hits -> bigint
-- from   line 2: retype counters.misses -> bigint back (misses::integer)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.counters') AND conname = 'segue_hits_as_bigint_525f76a8')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.counters') AND conname = 'segue_misses_as_bigint_c19c12a2')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.counters') AND conname = 'segue_segue_hits_as_bigint_f477ecfe_not_null_d86e1d7a')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.counters') AND conname = 'segue_counters_hits_check_83ddb34a') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.counters
  ADD CONSTRAINT segue_hits_as_bigint_525f76a8 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_hits_as_bigint_f477ecfe), ROW(hits::bigint))) NOT VALID,
  ADD CONSTRAINT segue_misses_as_bigint_c19c12a2 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_misses_as_bigint_e131af68), ROW(misses::bigint))) NOT VALID,
  ADD CONSTRAINT segue_segue_hits_as_bigint_f477ecfe_not_null_d86e1d7a CHECK (segue_hits_as_bigint_f477ecfe IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_counters_hits_check_83ddb34a CHECK (segue_hits_as_bigint_f477ecfe >= 0) NOT VALID;
COMMIT;
\endif

-- ── 3.4  Validate public.counters ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.counters
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: retype counters.hits -> bigint
-- from   line 2: retype counters.misses -> bigint back (misses::integer)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.counters') AND conname = 'segue_hits_as_bigint_525f76a8' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.counters') AND conname = 'segue_misses_as_bigint_c19c12a2' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.counters') AND conname = 'segue_segue_hits_as_bigint_f477ecfe_not_null_d86e1d7a' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.counters') AND conname = 'segue_counters_hits_check_83ddb34a' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.counters
  VALIDATE CONSTRAINT segue_hits_as_bigint_525f76a8,
  VALIDATE CONSTRAINT segue_misses_as_bigint_c19c12a2,
  VALIDATE CONSTRAINT segue_segue_hits_as_bigint_f477ecfe_not_null_d86e1d7a,
  VALIDATE CONSTRAINT segue_counters_hits_check_83ddb34a;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
