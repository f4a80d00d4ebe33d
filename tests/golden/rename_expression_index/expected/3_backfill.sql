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

SELECT segue.enter('input', '', 3, '942a9d0f7695df84cdf4880c5c85ff574b86d93943779c2b16943263a3419e28') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.people ──
-- why    in small batches, until called is name and attributes is details on every row
-- locks  ROW EXCLUSIVE on public.people
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename people.name -> called
-- from   line 2: rename people.details -> attributes
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.people: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.people'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.people
   SET called = name, attributes = details
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (called IS DISTINCT FROM name
     OR pg_catalog.record_image_ne(ROW(details), ROW(attributes)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_people_city_idx_039200b6 ──
-- why    as people_city_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_people_city_idx_039200b6;
-- from   line 1: rename people.name -> called
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_people_city_idx_039200b6') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_people_city_idx_039200b6;
CREATE INDEX CONCURRENTLY segue_people_city_idx_039200b6 ON public.people (((attributes ->> 'city'::text)) COLLATE pg_catalog."C" pg_catalog.text_pattern_ops);
\endif

-- ── 3.3  Build public.segue_people_details_idx_18aa3491 ──
-- why    as people_details_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_people_details_idx_18aa3491;
-- from   line 1: rename people.name -> called
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_people_details_idx_18aa3491') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_people_details_idx_18aa3491;
CREATE INDEX CONCURRENTLY segue_people_details_idx_18aa3491 ON public.people USING gin (attributes pg_catalog.jsonb_path_ops);
\endif

-- ── 3.4  Build public.segue_people_lower_name_idx_b0b88c4c ──
-- why    as people_lower_name_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_people_lower_name_idx_b0b88c4c;
-- from   line 1: rename people.name -> called
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_people_lower_name_idx_b0b88c4c') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_people_lower_name_idx_b0b88c4c;
CREATE INDEX CONCURRENTLY segue_people_lower_name_idx_b0b88c4c ON public.people ((lower(called)), id DESC);
\endif

-- ── 3.5  Build public.segue_people_name_length_idx_f6c8d3e3 ──
-- why    as people_name_length_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_people_name_length_idx_f6c8d3e3;
-- from   line 1: rename people.name -> called
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_people_name_length_idx_f6c8d3e3') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_people_name_length_idx_f6c8d3e3;
CREATE INDEX CONCURRENTLY segue_people_name_length_idx_f6c8d3e3 ON public.people (((length(called) + 1))) WHERE (called <> 'name'::text);
\endif

-- ── 3.6  Add 2 constraints to public.people ──
-- why    that called is name is proven, and stays so; that attributes is details is proven, and
--        stays so; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_called_is_name_d21df577; ALTER
--        TABLE public.people DROP CONSTRAINT IF EXISTS segue_attributes_is_details_21afeafe;
-- from   line 1: rename people.name -> called
-- from   line 2: rename people.details -> attributes
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_called_is_name_d21df577')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_attributes_is_details_21afeafe') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  ADD CONSTRAINT segue_called_is_name_d21df577 CHECK (NOT pg_catalog.record_image_ne(ROW(name), ROW(called))) NOT VALID,
  ADD CONSTRAINT segue_attributes_is_details_21afeafe CHECK (NOT pg_catalog.record_image_ne(ROW(details), ROW(attributes))) NOT VALID;
COMMIT;
\endif

-- ── 3.7  Validate public.people ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename people.name -> called
-- from   line 2: rename people.details -> attributes
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_called_is_name_d21df577' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_attributes_is_details_21afeafe' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  VALIDATE CONSTRAINT segue_called_is_name_d21df577,
  VALIDATE CONSTRAINT segue_attributes_is_details_21afeafe;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
