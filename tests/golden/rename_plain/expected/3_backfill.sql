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

SELECT segue.enter('input', '', 3, '35336092a5d9ca4deae44d51189ca7583d58b4bb28c004c946ac4987b9304224') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.notes ──
-- why    in small batches, until text is body on every row
-- locks  ROW EXCLUSIVE on public.notes
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename notes.body -> text
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.notes: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.notes'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.notes
   SET text = body
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(body), ROW(text)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_notes_body_idx_15da7129 ──
-- why    as notes_body_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.notes
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_notes_body_idx_15da7129;
-- from   line 1: rename notes.body -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_notes_body_idx_15da7129') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_notes_body_idx_15da7129;
CREATE INDEX CONCURRENTLY segue_notes_body_idx_15da7129 ON public.notes (text);
\endif

-- ── 3.3  Add segue_text_is_body_3a0b81ce to public.notes ──
-- why    that text is body is proven, and stays so; NOT VALID: binds new writes at once and reads
--        no row
-- locks  ACCESS EXCLUSIVE on public.notes, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.notes DROP CONSTRAINT IF EXISTS segue_text_is_body_3a0b81ce;
-- from   line 1: rename notes.body -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.notes') AND conname = 'segue_text_is_body_3a0b81ce') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.notes
  ADD CONSTRAINT segue_text_is_body_3a0b81ce CHECK (NOT pg_catalog.record_image_ne(ROW(body), ROW(text))) NOT VALID;
COMMIT;
\endif

-- ── 3.4  Validate public.notes ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.notes
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename notes.body -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.notes') AND conname = 'segue_text_is_body_3a0b81ce' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.notes
  VALIDATE CONSTRAINT segue_text_is_body_3a0b81ce;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
