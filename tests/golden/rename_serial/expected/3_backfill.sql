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

SELECT segue.enter('input', '', 3, 'f4749e452b177cdbe5571a780de26e219d622f69d7af084a7a9635a1d0eb0081') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.parcels ──
-- why    in small batches, until parcel_id is id and tracking_number is tracking on every row
-- locks  ROW EXCLUSIVE on public.parcels
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename parcels.id -> parcel_id
-- from   line 2: rename parcels.tracking -> tracking_number
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.parcels: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.parcels'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.parcels
   SET parcel_id = id, tracking_number = tracking
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (parcel_id IS DISTINCT FROM id
     OR tracking_number IS DISTINCT FROM tracking);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_parcels_pkey_5a8a80a7 ──
-- why    as parcels_pkey, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.parcels
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_parcels_pkey_5a8a80a7;
-- from   line 1: rename parcels.id -> parcel_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_parcels_pkey_5a8a80a7') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_parcels_pkey_5a8a80a7;
CREATE UNIQUE INDEX CONCURRENTLY segue_parcels_pkey_5a8a80a7 ON public.parcels (parcel_id);
\endif

-- ── 3.3  Add 4 constraints to public.parcels ──
-- why    that parcel_id is id is proven, and stays so; that tracking_number is tracking is proven,
--        and stays so; parcel_id may not be NULL any more; tracking_number may not be NULL any
--        more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.parcels, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.parcels DROP CONSTRAINT IF EXISTS segue_parcel_id_is_id_2137c3f5; …
-- from   line 1: rename parcels.id -> parcel_id
-- from   line 2: rename parcels.tracking -> tracking_number
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_parcel_id_is_id_2137c3f5')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_tracking_number_is_tracking_b73738a5')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_parcel_id_not_null_acd47430')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_tracking_number_not_null_385622e4') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.parcels
  ADD CONSTRAINT segue_parcel_id_is_id_2137c3f5 CHECK (NOT pg_catalog.record_image_ne(ROW(id), ROW(parcel_id))) NOT VALID,
  ADD CONSTRAINT segue_tracking_number_is_tracking_b73738a5 CHECK (NOT pg_catalog.record_image_ne(ROW(tracking), ROW(tracking_number))) NOT VALID,
  ADD CONSTRAINT segue_parcel_id_not_null_acd47430 CHECK (parcel_id IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_tracking_number_not_null_385622e4 CHECK (tracking_number IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.4  Validate public.parcels ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.parcels
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename parcels.id -> parcel_id
-- from   line 2: rename parcels.tracking -> tracking_number
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_parcel_id_is_id_2137c3f5' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_tracking_number_is_tracking_b73738a5' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_parcel_id_not_null_acd47430' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_tracking_number_not_null_385622e4' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.parcels
  VALIDATE CONSTRAINT segue_parcel_id_is_id_2137c3f5,
  VALIDATE CONSTRAINT segue_tracking_number_is_tracking_b73738a5,
  VALIDATE CONSTRAINT segue_parcel_id_not_null_acd47430,
  VALIDATE CONSTRAINT segue_tracking_number_not_null_385622e4;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
