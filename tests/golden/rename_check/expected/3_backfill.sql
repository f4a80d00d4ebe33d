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

SELECT segue.enter('input', '', 3, '7d571fe15bddb6d4312715e1972c813bd6c10d52fb2fa7b555098084ccca6cd8') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.rooms ──
-- why    in small batches, until area is size on every row
-- locks  ROW EXCLUSIVE on public.rooms
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename rooms.size -> area
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.rooms: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.rooms'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.rooms
   SET area = size
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (area IS DISTINCT FROM size);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Add 5 constraints to public.rooms ──
-- why    that area is size is proven, and stays so; as rooms_kind_size, over the new column; as
--        rooms_size_check, over the new column; as rooms_size_even, over the new column; as
--        rooms_size_small, over the new column; NOT VALID: binds new writes at once and reads no
--        row
-- locks  ACCESS EXCLUSIVE on public.rooms, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.rooms DROP CONSTRAINT IF EXISTS segue_area_is_size_eb671c29; …
-- from   line 1: rename rooms.size -> area
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rooms') AND conname = 'segue_area_is_size_eb671c29')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rooms') AND conname = 'segue_rooms_kind_size_02c68e44')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rooms') AND conname = 'segue_rooms_size_check_6847eac8')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rooms') AND conname = 'segue_rooms_size_even_aa84673c')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rooms') AND conname = 'segue_rooms_size_small_516bb487') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.rooms
  ADD CONSTRAINT segue_area_is_size_eb671c29 CHECK (NOT pg_catalog.record_image_ne(ROW(size), ROW(area))) NOT VALID,
  ADD CONSTRAINT segue_rooms_kind_size_02c68e44 CHECK ((kind IS NOT NULL) OR (area IS NULL)) NOT VALID,
  ADD CONSTRAINT segue_rooms_size_check_6847eac8 CHECK ((area > 0) AND (area < 10000)) NOT VALID,
  ADD CONSTRAINT segue_rooms_size_even_aa84673c CHECK ((area % 2) = 0) NO INHERIT NOT VALID,
  ADD CONSTRAINT segue_rooms_size_small_516bb487 CHECK (area < 500) NOT VALID;
COMMIT;
\endif

-- ── 3.3  Validate public.rooms ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.rooms
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename rooms.size -> area
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rooms') AND conname = 'segue_area_is_size_eb671c29' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rooms') AND conname = 'segue_rooms_kind_size_02c68e44' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rooms') AND conname = 'segue_rooms_size_check_6847eac8' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rooms') AND conname = 'segue_rooms_size_even_aa84673c' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.rooms
  VALIDATE CONSTRAINT segue_area_is_size_eb671c29,
  VALIDATE CONSTRAINT segue_rooms_kind_size_02c68e44,
  VALIDATE CONSTRAINT segue_rooms_size_check_6847eac8,
  VALIDATE CONSTRAINT segue_rooms_size_even_aa84673c;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
