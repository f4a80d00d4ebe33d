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

SELECT segue.enter('input', '', 3, '28e8676366b6859cf9acace79f98130950235d84a42864bc907378912fe0271a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values of public.readings.raw that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public.readings
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: retype readings.raw -> numeric as value
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(raw::text, 60) FROM public.readings WHERE segue.segue_public_readings_raw_fails_007b4420(raw)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.readings hold values of raw that do not convert to numeric'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Fill public.readings ──
-- why    in small batches, until value has what raw converts to on every row
-- locks  ROW EXCLUSIVE on public.readings
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: retype readings.raw -> numeric as value
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.readings: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.readings'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.readings
   SET value = segue.segue_public_readings_raw_map_89690b67(raw)
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (value IS NULL AND (segue.segue_public_readings_raw_map_89690b67(raw)) IS NOT NULL);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Build public.segue_readings_raw_idx_61329cdb ──
-- why    as readings_raw_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.readings
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_readings_raw_idx_61329cdb;
-- from   line 1: retype readings.raw -> numeric as value
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_readings_raw_idx_61329cdb') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_readings_raw_idx_61329cdb;
CREATE INDEX CONCURRENTLY segue_readings_raw_idx_61329cdb ON public.readings (value);
\endif

-- ── 3.4  Add segue_raw_as_numeric_8310344c to public.readings ──
-- why    that value has what raw converts to is proven, and stays so; NOT VALID: binds new writes
--        at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.readings, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.readings DROP CONSTRAINT IF EXISTS segue_raw_as_numeric_8310344c;
-- from   line 1: retype readings.raw -> numeric as value
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings') AND conname = 'segue_raw_as_numeric_8310344c') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.readings
  ADD CONSTRAINT segue_raw_as_numeric_8310344c CHECK (value IS NOT NULL OR (NOT pg_catalog.record_image_ne(ROW(value), ROW(segue.segue_public_readings_raw_map_89690b67(raw))) AND NOT segue.segue_public_readings_raw_fails_007b4420(raw))) NOT VALID;
COMMIT;
\endif

-- ── 3.5  Validate public.readings ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.readings
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: retype readings.raw -> numeric as value
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings') AND conname = 'segue_raw_as_numeric_8310344c' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.readings
  VALIDATE CONSTRAINT segue_raw_as_numeric_8310344c;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
