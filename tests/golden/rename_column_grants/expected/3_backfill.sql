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

SELECT segue.enter('input', '', 3, 'a43c791b49df9c7c282400c0fd85ac3fdb5535e116b09d470b483147ea167363') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.staff ──
-- why    in small batches, until full_name is name on every row
-- locks  ROW EXCLUSIVE on public.staff
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename staff.name -> full_name
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.staff: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.staff'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.staff
   SET full_name = name
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (full_name IS DISTINCT FROM name);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Add segue_full_name_is_name_e64aa8cd to public.staff ──
-- why    that full_name is name is proven, and stays so; NOT VALID: binds new writes at once and
--        reads no row
-- locks  ACCESS EXCLUSIVE on public.staff, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.staff DROP CONSTRAINT IF EXISTS segue_full_name_is_name_e64aa8cd;
-- from   line 1: rename staff.name -> full_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.staff') AND conname = 'segue_full_name_is_name_e64aa8cd') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.staff
  ADD CONSTRAINT segue_full_name_is_name_e64aa8cd CHECK (NOT pg_catalog.record_image_ne(ROW(name), ROW(full_name))) NOT VALID;
COMMIT;
\endif

-- ── 3.3  Validate public.staff ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.staff
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename staff.name -> full_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.staff') AND conname = 'segue_full_name_is_name_e64aa8cd' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.staff
  VALIDATE CONSTRAINT segue_full_name_is_name_e64aa8cd;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
