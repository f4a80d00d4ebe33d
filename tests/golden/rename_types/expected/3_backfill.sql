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

SELECT segue.enter('input', '', 3, '596d56d301c9eb1be115fd9a26a3eb5e29bfdce40fa7b06ce9d96a807c7bb331') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.samples ──
-- why    in small batches, until a_json is a and a_point is b and a_numeric is c and an_interval is
--        d and a_mood is e and an_array is f and a_float is g and a_percent is h and some_bytes is
--        i and a_range is j on every row
-- locks  ROW EXCLUSIVE on public.samples
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename samples.a -> a_json
-- from   line 2: rename samples.b -> a_point
-- from   line 3: rename samples.c -> a_numeric
-- from   line 4: rename samples.d -> an_interval
-- from   line 5: rename samples.e -> a_mood
-- from   line 6: rename samples.f -> an_array
-- from   line 7: rename samples.g -> a_float
-- from   line 8: rename samples.h -> a_percent
-- from   line 9: rename samples.i -> some_bytes
-- from   line 10: rename samples.j -> a_range
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.samples: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.samples'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.samples
   SET a_json = a, a_point = b, a_numeric = c, an_interval = d, a_mood = e, an_array = f, a_float = g, a_percent = h, some_bytes = i, a_range = j
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(a), ROW(a_json))
     OR pg_catalog.record_image_ne(ROW(b), ROW(a_point))
     OR pg_catalog.record_image_ne(ROW(c), ROW(a_numeric))
     OR pg_catalog.record_image_ne(ROW(d), ROW(an_interval))
     OR pg_catalog.record_image_ne(ROW(e), ROW(a_mood))
     OR pg_catalog.record_image_ne(ROW(f), ROW(an_array))
     OR pg_catalog.record_image_ne(ROW(g), ROW(a_float))
     OR pg_catalog.record_image_ne(ROW(h), ROW(a_percent))
     OR some_bytes IS DISTINCT FROM i
     OR pg_catalog.record_image_ne(ROW(j), ROW(a_range)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Add 10 constraints to public.samples ──
-- why    that a_json is a is proven, and stays so; that a_point is b is proven, and stays so; that
--        a_numeric is c is proven, and stays so; that an_interval is d is proven, and stays so;
--        that a_mood is e is proven, and stays so; that an_array is f is proven, and stays so; that
--        a_float is g is proven, and stays so; that a_percent is h is proven, and stays so; that
--        some_bytes is i is proven, and stays so; that a_range is j is proven, and stays so; NOT
--        VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.samples, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.samples DROP CONSTRAINT IF EXISTS segue_a_json_is_a_eb363fbe; …
-- from   line 1: rename samples.a -> a_json
-- from   line 2: rename samples.b -> a_point
-- from   line 3: rename samples.c -> a_numeric
-- from   line 4: rename samples.d -> an_interval
-- from   line 5: rename samples.e -> a_mood
-- from   line 6: rename samples.f -> an_array
-- from   line 7: rename samples.g -> a_float
-- from   line 8: rename samples.h -> a_percent
-- from   line 9: rename samples.i -> some_bytes
-- from   line 10: rename samples.j -> a_range
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_json_is_a_eb363fbe')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_point_is_b_ede33a01')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_numeric_is_c_08791019')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_an_interval_is_d_aa961c0e')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_mood_is_e_99d626bd')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_an_array_is_f_a10f4ff2')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_float_is_g_f298e8a6')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_percent_is_h_d0680692')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_some_bytes_is_i_10256648')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_range_is_j_4fe9b524') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.samples
  ADD CONSTRAINT segue_a_json_is_a_eb363fbe CHECK (NOT pg_catalog.record_image_ne(ROW(a), ROW(a_json))) NOT VALID,
  ADD CONSTRAINT segue_a_point_is_b_ede33a01 CHECK (NOT pg_catalog.record_image_ne(ROW(b), ROW(a_point))) NOT VALID,
  ADD CONSTRAINT segue_a_numeric_is_c_08791019 CHECK (NOT pg_catalog.record_image_ne(ROW(c), ROW(a_numeric))) NOT VALID,
  ADD CONSTRAINT segue_an_interval_is_d_aa961c0e CHECK (NOT pg_catalog.record_image_ne(ROW(d), ROW(an_interval))) NOT VALID,
  ADD CONSTRAINT segue_a_mood_is_e_99d626bd CHECK (NOT pg_catalog.record_image_ne(ROW(e), ROW(a_mood))) NOT VALID,
  ADD CONSTRAINT segue_an_array_is_f_a10f4ff2 CHECK (NOT pg_catalog.record_image_ne(ROW(f), ROW(an_array))) NOT VALID,
  ADD CONSTRAINT segue_a_float_is_g_f298e8a6 CHECK (NOT pg_catalog.record_image_ne(ROW(g), ROW(a_float))) NOT VALID,
  ADD CONSTRAINT segue_a_percent_is_h_d0680692 CHECK (NOT pg_catalog.record_image_ne(ROW(h), ROW(a_percent))) NOT VALID,
  ADD CONSTRAINT segue_some_bytes_is_i_10256648 CHECK (NOT pg_catalog.record_image_ne(ROW(i), ROW(some_bytes))) NOT VALID,
  ADD CONSTRAINT segue_a_range_is_j_4fe9b524 CHECK (NOT pg_catalog.record_image_ne(ROW(j), ROW(a_range))) NOT VALID;
COMMIT;
\endif

-- ── 3.3  Validate public.samples ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.samples
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename samples.a -> a_json
-- from   line 2: rename samples.b -> a_point
-- from   line 3: rename samples.c -> a_numeric
-- from   line 4: rename samples.d -> an_interval
-- from   line 5: rename samples.e -> a_mood
-- from   line 6: rename samples.f -> an_array
-- from   line 7: rename samples.g -> a_float
-- from   line 8: rename samples.h -> a_percent
-- from   line 9: rename samples.i -> some_bytes
-- from   line 10: rename samples.j -> a_range
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_json_is_a_eb363fbe' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_point_is_b_ede33a01' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_numeric_is_c_08791019' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_an_interval_is_d_aa961c0e' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_mood_is_e_99d626bd' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_an_array_is_f_a10f4ff2' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_float_is_g_f298e8a6' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_percent_is_h_d0680692' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_some_bytes_is_i_10256648' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_range_is_j_4fe9b524' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.samples
  VALIDATE CONSTRAINT segue_a_json_is_a_eb363fbe,
  VALIDATE CONSTRAINT segue_a_point_is_b_ede33a01,
  VALIDATE CONSTRAINT segue_a_numeric_is_c_08791019,
  VALIDATE CONSTRAINT segue_an_interval_is_d_aa961c0e,
  VALIDATE CONSTRAINT segue_a_mood_is_e_99d626bd,
  VALIDATE CONSTRAINT segue_an_array_is_f_a10f4ff2,
  VALIDATE CONSTRAINT segue_a_float_is_g_f298e8a6,
  VALIDATE CONSTRAINT segue_a_percent_is_h_d0680692,
  VALIDATE CONSTRAINT segue_some_bytes_is_i_10256648,
  VALIDATE CONSTRAINT segue_a_range_is_j_4fe9b524;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
