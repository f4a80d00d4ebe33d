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

SELECT segue.enter('input', '', 3, '0ce25f4ebdec2594517d33fb35ed2c2b4c94e29fb2921960adf80ffc298d4075') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.readings ──
-- why    in small batches, until amount is value on every row
-- locks  ROW EXCLUSIVE on public.readings
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename readings.value -> amount
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.readings_1: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.readings_1'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.readings_1 AS readings
   SET amount = value
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (amount IS DISTINCT FROM value);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
  -- public.readings_2: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.readings_2'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.readings_2 AS readings
   SET amount = value
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (amount IS DISTINCT FROM value);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
  -- public.readings_3: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.readings_3'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.readings_3 AS readings
   SET amount = value
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (amount IS DISTINCT FROM value);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Add segue_amount_is_value_55d23192 to public.readings ──
-- why    that amount is value is proven, and stays so; NOT VALID: binds new writes at once and
--        reads no row
-- locks  ACCESS EXCLUSIVE on public.readings, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.readings DROP CONSTRAINT IF EXISTS segue_amount_is_value_55d23192;
-- from   line 1: rename readings.value -> amount
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings') AND conname = 'segue_amount_is_value_55d23192') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.readings
  ADD CONSTRAINT segue_amount_is_value_55d23192 CHECK (NOT pg_catalog.record_image_ne(ROW(value), ROW(amount))) NOT VALID;
COMMIT;
\endif

-- ── 3.3  Add segue_amount_not_null_d3771423 to public.readings_1 ──
-- why    amount may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.readings_1, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.readings_1 DROP CONSTRAINT IF EXISTS segue_amount_not_null_d3771423;
-- from   line 1: rename readings.value -> amount
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings_1') AND conname = 'segue_amount_not_null_d3771423') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.readings_1
  ADD CONSTRAINT segue_amount_not_null_d3771423 CHECK (amount IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.4  Validate public.readings ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.readings
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename readings.value -> amount
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings') AND conname = 'segue_amount_is_value_55d23192' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.readings
  VALIDATE CONSTRAINT segue_amount_is_value_55d23192;
COMMIT;
\endif

-- ── 3.5  Validate public.readings_1 ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.readings_1
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename readings.value -> amount
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings_1') AND conname = 'segue_amount_not_null_d3771423' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.readings_1
  VALIDATE CONSTRAINT segue_amount_not_null_d3771423;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
