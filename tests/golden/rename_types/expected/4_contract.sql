-- input · phase 4 of 4: contract
--
-- when   when no release runs that knows what is old
-- apply  segue apply <this directory> --phase 4 --release NAME
--        or psql -v ON_ERROR_STOP=1 -f 4_contract.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

-- No release that runs may still need what goes: segue.ack says so, segue.skip_soak why a soak
-- need not be over. See `segue gate` for what else there is to ask.
SELECT segue.require_release('input', interval '0 seconds') AS segue_released \gset

SELECT segue.enter('input', '', 4, '596d56d301c9eb1be115fd9a26a3eb5e29bfdce40fa7b06ce9d96a807c7bb331') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.samples ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.samples, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
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
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.samples') AND attname = 'a' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.samples') AND attname = 'b' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.samples') AND attname = 'c' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.samples') AND attname = 'd' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.samples') AND attname = 'e' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.samples') AND attname = 'f' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.samples') AND attname = 'g' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.samples') AND attname = 'h' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.samples') AND attname = 'i' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.samples') AND attname = 'j' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.samples IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_json_is_a_eb363fbe' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.samples: it is not proven that a_json is a'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_point_is_b_ede33a01' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.samples: it is not proven that a_point is b'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_numeric_is_c_08791019' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.samples: it is not proven that a_numeric is c'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_an_interval_is_d_aa961c0e' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.samples: it is not proven that an_interval is d'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_mood_is_e_99d626bd' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.samples: it is not proven that a_mood is e'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_an_array_is_f_a10f4ff2' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.samples: it is not proven that an_array is f'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_float_is_g_f298e8a6' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.samples: it is not proven that a_float is g'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_percent_is_h_d0680692' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.samples: it is not proven that a_percent is h'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_some_bytes_is_i_10256648' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.samples: it is not proven that some_bytes is i'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.samples') AND conname = 'segue_a_range_is_j_4fe9b524' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.samples: it is not proven that a_range is j'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_samples_58bb7f63 ON public.samples;
DROP FUNCTION IF EXISTS segue.segue_public_samples_sync_a57f3f96();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_samples_a_json_null_4eef8ee2 ON public.samples;
DROP FUNCTION IF EXISTS segue.segue_public_samples_a_json_null_function_ffa8fbda();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_samples_a_point_null_79d84b3c ON public.samples;
DROP FUNCTION IF EXISTS segue.segue_public_samples_a_point_null_function_2e533b9c();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_samples_a_numeric_null_a22bc90f ON public.samples;
DROP FUNCTION IF EXISTS segue.segue_public_samples_a_numeric_null_function_14bb7321();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_samples_an_interval_null_f25c6371 ON public.samples;
DROP FUNCTION IF EXISTS segue.segue_public_samples_an_interval_null_function_fb275203();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_samples_a_mood_null_19bbba2d ON public.samples;
DROP FUNCTION IF EXISTS segue.segue_public_samples_a_mood_null_function_bc88dfb7();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_samples_an_array_null_f9f019ff ON public.samples;
DROP FUNCTION IF EXISTS segue.segue_public_samples_an_array_null_function_3321ac31();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_samples_a_float_null_e236c658 ON public.samples;
DROP FUNCTION IF EXISTS segue.segue_public_samples_a_float_null_function_0b37f550();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_samples_a_percent_null_16523be1 ON public.samples;
DROP FUNCTION IF EXISTS segue.segue_public_samples_a_percent_null_function_c8e5ecd3();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_samples_some_bytes_null_85f6a6ec ON public.samples;
DROP FUNCTION IF EXISTS segue.segue_public_samples_some_bytes_null_function_25621bac();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_samples_a_range_null_b1067aa1 ON public.samples;
DROP FUNCTION IF EXISTS segue.segue_public_samples_a_range_null_function_f1fed613();
ALTER TABLE public.samples DROP CONSTRAINT IF EXISTS segue_a_json_is_a_eb363fbe;
ALTER TABLE public.samples DROP CONSTRAINT IF EXISTS segue_a_point_is_b_ede33a01;
ALTER TABLE public.samples DROP CONSTRAINT IF EXISTS segue_a_numeric_is_c_08791019;
ALTER TABLE public.samples DROP CONSTRAINT IF EXISTS segue_an_interval_is_d_aa961c0e;
ALTER TABLE public.samples DROP CONSTRAINT IF EXISTS segue_a_mood_is_e_99d626bd;
ALTER TABLE public.samples DROP CONSTRAINT IF EXISTS segue_an_array_is_f_a10f4ff2;
ALTER TABLE public.samples DROP CONSTRAINT IF EXISTS segue_a_float_is_g_f298e8a6;
ALTER TABLE public.samples DROP CONSTRAINT IF EXISTS segue_a_percent_is_h_d0680692;
ALTER TABLE public.samples DROP CONSTRAINT IF EXISTS segue_some_bytes_is_i_10256648;
ALTER TABLE public.samples DROP CONSTRAINT IF EXISTS segue_a_range_is_j_4fe9b524;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.samples DROP COLUMN IF EXISTS a RESTRICT;
ALTER TABLE public.samples DROP COLUMN IF EXISTS b RESTRICT;
ALTER TABLE public.samples DROP COLUMN IF EXISTS c RESTRICT;
ALTER TABLE public.samples DROP COLUMN IF EXISTS d RESTRICT;
ALTER TABLE public.samples DROP COLUMN IF EXISTS e RESTRICT;
ALTER TABLE public.samples DROP COLUMN IF EXISTS f RESTRICT;
ALTER TABLE public.samples DROP COLUMN IF EXISTS g RESTRICT;
ALTER TABLE public.samples DROP COLUMN IF EXISTS h RESTRICT;
ALTER TABLE public.samples DROP COLUMN IF EXISTS i RESTRICT;
ALTER TABLE public.samples DROP COLUMN IF EXISTS j RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
