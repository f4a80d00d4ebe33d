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

SELECT segue.enter('input', '', 3, '227125a972f55e9a528e0bee538efc61cf372ff3a04925169f4e527dc276f020') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values of public.visits.went that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public.visits
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 3: retype visits.went -> timestamp with time zone using (went at time zone
--        'Europe/Berlin')
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(went::text, 60) FROM public.visits WHERE segue.segue_public_visits_went_fails_91d6de81(went)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.visits hold values of went that do not convert to timestamp with time zone'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Look for values of public.visits.day that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public.visits
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 5: retype visits.day -> date
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(day::text, 60) FROM public.visits WHERE segue.segue_public_visits_day_fails_d3a089d5(day)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.visits hold values of day that do not convert to date'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.3  Fill public.visits ──
-- why    in small batches, until the copy of went is went as timestamp with time zone and the copy
--        of day is day as date on every row
-- locks  ROW EXCLUSIVE on public.visits
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 3: retype visits.went -> timestamp with time zone using (went at time zone
--        'Europe/Berlin')
-- from   line 5: retype visits.day -> date
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.visits: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.visits'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.visits
   SET segue_went_as_timestamp_with_time_zone_1791dbf4 = segue.segue_public_visits_went_map_4e093c7a(went), segue_day_as_date_88515ffb = segue.segue_public_visits_day_map_8d327f96(day)
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_went_as_timestamp_with_time_zone_1791dbf4), ROW(segue.segue_public_visits_went_map_4e093c7a(went)))
     OR pg_catalog.record_image_ne(ROW(segue_day_as_date_88515ffb), ROW(segue.segue_public_visits_day_map_8d327f96(day))));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.4  Build public.segue_visits_went_idx_76c3f8f6 ──
-- why    as visits_went_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.visits
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_visits_went_idx_76c3f8f6;
-- from   line 3: retype visits.went -> timestamp with time zone using (went at time zone
--        'Europe/Berlin')
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_visits_went_idx_76c3f8f6') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_visits_went_idx_76c3f8f6;
CREATE INDEX CONCURRENTLY segue_visits_went_idx_76c3f8f6 ON public.visits (segue_went_as_timestamp_with_time_zone_1791dbf4);
\endif

-- ── 3.5  Add 2 constraints to public.visits ──
-- why    that the copy of went is went as timestamp with time zone is proven, and stays so; that
--        the copy of day is day as date is proven, and stays so; NOT VALID: binds new writes at
--        once and reads no row
-- locks  ACCESS EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS
--        segue_went_as_timestamp_with_time_zone_ee5e4606; ALTER TABLE public.visits DROP CONSTRAINT
--        IF EXISTS segue_day_as_date_2b030491;
-- from   line 3: retype visits.went -> timestamp with time zone using (went at time zone
--        'Europe/Berlin')
-- from   line 5: retype visits.day -> date
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_went_as_timestamp_with_time_zone_ee5e4606')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_day_as_date_2b030491') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits
  ADD CONSTRAINT segue_went_as_timestamp_with_time_zone_ee5e4606 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_went_as_timestamp_with_time_zone_1791dbf4), ROW(segue.segue_public_visits_went_map_4e093c7a(went))) AND NOT segue.segue_public_visits_went_fails_91d6de81(went)) NOT VALID,
  ADD CONSTRAINT segue_day_as_date_2b030491 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_day_as_date_88515ffb), ROW(segue.segue_public_visits_day_map_8d327f96(day))) AND NOT segue.segue_public_visits_day_fails_d3a089d5(day)) NOT VALID;
COMMIT;
\endif

-- ── 3.6  Validate public.visits ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.visits
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: retype visits.went -> timestamp with time zone using (went at time zone
--        'Europe/Berlin')
-- from   line 5: retype visits.day -> date
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_went_as_timestamp_with_time_zone_ee5e4606' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_day_as_date_2b030491' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits
  VALIDATE CONSTRAINT segue_went_as_timestamp_with_time_zone_ee5e4606,
  VALIDATE CONSTRAINT segue_day_as_date_2b030491;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
