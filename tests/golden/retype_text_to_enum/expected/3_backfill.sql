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

SELECT segue.enter('input', '', 3, '1f9dcac7e4a66c428dc49c50d2240d5d77e1fbb8b45bc08a7b6f57d9cecb30c1') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values of public.people.mood that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public.people
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: retype people.mood -> mood
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(mood::text, 60) FROM public.people WHERE segue.segue_public_people_mood_fails_b0acec05(mood)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.people hold values of mood that do not convert to public.mood'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Look for values of public.people.wish that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public.people
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 4: retype people.wish -> mood
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(wish::text, 60) FROM public.people WHERE segue.segue_public_people_wish_fails_f35a7535(wish)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.people hold values of wish that do not convert to public.mood'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.3  Fill public.people ──
-- why    in small batches, until the copy of mood is mood as public.mood and the copy of wish is
--        wish as public.mood on every row
-- locks  ROW EXCLUSIVE on public.people
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: retype people.mood -> mood
-- from   line 4: retype people.wish -> mood
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
   SET segue_mood_as_public_mood_aa864192 = segue.segue_public_people_mood_map_48b7ed06(mood), segue_wish_as_public_mood_716ab3ba = segue.segue_public_people_wish_map_042958f6(wish)
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_mood_as_public_mood_aa864192), ROW(segue.segue_public_people_mood_map_48b7ed06(mood)))
     OR pg_catalog.record_image_ne(ROW(segue_wish_as_public_mood_716ab3ba), ROW(segue.segue_public_people_wish_map_042958f6(wish))));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.4  Build public.segue_people_mood_idx_14639012 ──
-- why    as people_mood_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_people_mood_idx_14639012;
-- from   line 1: retype people.mood -> mood
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_people_mood_idx_14639012') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_people_mood_idx_14639012;
CREATE INDEX CONCURRENTLY segue_people_mood_idx_14639012 ON public.people (segue_mood_as_public_mood_aa864192, id);
\endif

-- ── 3.5  Add 3 constraints to public.people ──
-- why    that the copy of mood is mood as public.mood is proven, and stays so; that the copy of
--        wish is wish as public.mood is proven, and stays so; segue_mood_as_public_mood_aa864192
--        may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_mood_as_public_mood_d0bf01c0;
--        ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_wish_as_public_mood_83e38b68;
--        ALTER TABLE public.people DROP CONSTRAINT IF EXISTS
--        segue_segue_mood_as_public_mood_aa864192_not_null_bfba089e;
-- from   line 1: retype people.mood -> mood
-- from   line 4: retype people.wish -> mood
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_mood_as_public_mood_d0bf01c0')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_wish_as_public_mood_83e38b68')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_segue_mood_as_public_mood_aa864192_not_null_bfba089e') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  ADD CONSTRAINT segue_mood_as_public_mood_d0bf01c0 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_mood_as_public_mood_aa864192), ROW(segue.segue_public_people_mood_map_48b7ed06(mood))) AND NOT segue.segue_public_people_mood_fails_b0acec05(mood)) NOT VALID,
  ADD CONSTRAINT segue_wish_as_public_mood_83e38b68 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_wish_as_public_mood_716ab3ba), ROW(segue.segue_public_people_wish_map_042958f6(wish))) AND NOT segue.segue_public_people_wish_fails_f35a7535(wish)) NOT VALID,
  ADD CONSTRAINT segue_segue_mood_as_public_mood_aa864192_not_null_bfba089e CHECK (segue_mood_as_public_mood_aa864192 IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.6  Validate public.people ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: retype people.mood -> mood
-- from   line 4: retype people.wish -> mood
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_mood_as_public_mood_d0bf01c0' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_wish_as_public_mood_83e38b68' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_segue_mood_as_public_mood_aa864192_not_null_bfba089e' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  VALIDATE CONSTRAINT segue_mood_as_public_mood_d0bf01c0,
  VALIDATE CONSTRAINT segue_wish_as_public_mood_83e38b68,
  VALIDATE CONSTRAINT segue_segue_mood_as_public_mood_aa864192_not_null_bfba089e;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
