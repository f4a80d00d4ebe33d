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

SELECT segue.enter('input', '', 3, 'cd002d57c21fba12399140de0c4b00c2b5a1955a6f1cbec1f0cfe3c94935f21d') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.cars ──
-- why    in small batches, until brand is make on every row
-- locks  ROW EXCLUSIVE on public.cars
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename cars.make -> brand
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.cars: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.cars'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.cars
   SET brand = make
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (brand IS DISTINCT FROM make);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Add segue_brand_is_make_614ebba0 to public.cars ──
-- why    that brand is make is proven, and stays so; NOT VALID: binds new writes at once and reads
--        no row
-- locks  ACCESS EXCLUSIVE on public.cars, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.cars DROP CONSTRAINT IF EXISTS segue_brand_is_make_614ebba0;
-- from   line 1: rename cars.make -> brand
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.cars') AND conname = 'segue_brand_is_make_614ebba0') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.cars
  ADD CONSTRAINT segue_brand_is_make_614ebba0 CHECK (NOT pg_catalog.record_image_ne(ROW(make), ROW(brand))) NOT VALID;
COMMIT;
\endif

-- ── 3.3  Validate public.cars ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.cars
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename cars.make -> brand
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.cars') AND conname = 'segue_brand_is_make_614ebba0' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.cars
  VALIDATE CONSTRAINT segue_brand_is_make_614ebba0;
COMMIT;
\endif

-- ── 3.4  Keep statistics as public.cars_make_model ──
-- why    the planner of queries over the new column needs them as much; the next ANALYZE fills them
-- locks  SHARE UPDATE EXCLUSIVE on public.cars, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP STATISTICS IF EXISTS public.segue_cars_make_model_statistics_cc6ed63c;
-- from   line 1: rename cars.make -> brand
SELECT EXISTS (SELECT FROM pg_catalog.pg_statistic_ext WHERE stxname = 'segue_cars_make_model_statistics_cc6ed63c' AND stxnamespace = pg_catalog.to_regnamespace('public')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE STATISTICS public.segue_cars_make_model_statistics_cc6ed63c (ndistinct, dependencies) ON brand, model FROM public.cars;
ALTER STATISTICS public.segue_cars_make_model_statistics_cc6ed63c SET STATISTICS 200;
COMMIT;
\endif

-- ── 3.5  Keep statistics as public.cars_upper ──
-- why    the planner of queries over the new column needs them as much; the next ANALYZE fills them
-- locks  SHARE UPDATE EXCLUSIVE on public.cars, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP STATISTICS IF EXISTS public.segue_cars_upper_statistics_34be23b2;
-- from   line 1: rename cars.make -> brand
SELECT EXISTS (SELECT FROM pg_catalog.pg_statistic_ext WHERE stxname = 'segue_cars_upper_statistics_34be23b2' AND stxnamespace = pg_catalog.to_regnamespace('public')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE STATISTICS public.segue_cars_upper_statistics_34be23b2 (ndistinct, dependencies, mcv) ON year, (upper(brand)) FROM public.cars;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
