-- input · phase 2 of 4: dual-write
--
-- when   after phase 1; before the release that writes what is new
-- apply  segue apply <this directory> --phase 2
--        or psql -v ON_ERROR_STOP=1 -f 2_dual_write.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

SELECT segue.enter('input', '', 2, '596d56d301c9eb1be115fd9a26a3eb5e29bfdce40fa7b06ce9d96a807c7bb331') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.samples ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.samples, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_samples_58bb7f63 ON public.samples; …
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
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.samples') AND tgname = 'zz_segue_sync_segue_public_samples_58bb7f63' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_samples_a_json_null_function_ffa8fbda() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.a := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.samples', 'zz_segue_null_segue_public_samples_a_json_null_4eef8ee2');
CREATE TRIGGER zz_segue_null_segue_public_samples_a_json_null_4eef8ee2 BEFORE UPDATE OF a_json ON public.samples
  FOR EACH ROW WHEN (NEW.a_json IS NULL AND OLD.a_json IS NULL AND NEW.a IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.a), ROW(NEW.a)))
  EXECUTE FUNCTION segue.segue_public_samples_a_json_null_function_ffa8fbda();
ALTER TABLE public.samples ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_samples_a_json_null_4eef8ee2;
CREATE OR REPLACE FUNCTION segue.segue_public_samples_a_point_null_function_2e533b9c() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.b := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.samples', 'zz_segue_null_segue_public_samples_a_point_null_79d84b3c');
CREATE TRIGGER zz_segue_null_segue_public_samples_a_point_null_79d84b3c BEFORE UPDATE OF a_point ON public.samples
  FOR EACH ROW WHEN (NEW.a_point IS NULL AND OLD.a_point IS NULL AND NEW.b IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.b), ROW(NEW.b)))
  EXECUTE FUNCTION segue.segue_public_samples_a_point_null_function_2e533b9c();
ALTER TABLE public.samples ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_samples_a_point_null_79d84b3c;
CREATE OR REPLACE FUNCTION segue.segue_public_samples_a_numeric_null_function_14bb7321() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.c := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.samples', 'zz_segue_null_segue_public_samples_a_numeric_null_a22bc90f');
CREATE TRIGGER zz_segue_null_segue_public_samples_a_numeric_null_a22bc90f BEFORE UPDATE OF a_numeric ON public.samples
  FOR EACH ROW WHEN (NEW.a_numeric IS NULL AND OLD.a_numeric IS NULL AND NEW.c IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.c), ROW(NEW.c)))
  EXECUTE FUNCTION segue.segue_public_samples_a_numeric_null_function_14bb7321();
ALTER TABLE public.samples ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_samples_a_numeric_null_a22bc90f;
CREATE OR REPLACE FUNCTION segue.segue_public_samples_an_interval_null_function_fb275203() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.d := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.samples', 'zz_segue_null_segue_public_samples_an_interval_null_f25c6371');
CREATE TRIGGER zz_segue_null_segue_public_samples_an_interval_null_f25c6371 BEFORE UPDATE OF an_interval ON public.samples
  FOR EACH ROW WHEN (NEW.an_interval IS NULL AND OLD.an_interval IS NULL AND NEW.d IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.d), ROW(NEW.d)))
  EXECUTE FUNCTION segue.segue_public_samples_an_interval_null_function_fb275203();
ALTER TABLE public.samples ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_samples_an_interval_null_f25c6371;
CREATE OR REPLACE FUNCTION segue.segue_public_samples_a_mood_null_function_bc88dfb7() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.e := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.samples', 'zz_segue_null_segue_public_samples_a_mood_null_19bbba2d');
CREATE TRIGGER zz_segue_null_segue_public_samples_a_mood_null_19bbba2d BEFORE UPDATE OF a_mood ON public.samples
  FOR EACH ROW WHEN (NEW.a_mood IS NULL AND OLD.a_mood IS NULL AND NEW.e IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.e), ROW(NEW.e)))
  EXECUTE FUNCTION segue.segue_public_samples_a_mood_null_function_bc88dfb7();
ALTER TABLE public.samples ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_samples_a_mood_null_19bbba2d;
CREATE OR REPLACE FUNCTION segue.segue_public_samples_an_array_null_function_3321ac31() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.f := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.samples', 'zz_segue_null_segue_public_samples_an_array_null_f9f019ff');
CREATE TRIGGER zz_segue_null_segue_public_samples_an_array_null_f9f019ff BEFORE UPDATE OF an_array ON public.samples
  FOR EACH ROW WHEN (NEW.an_array IS NULL AND OLD.an_array IS NULL AND NEW.f IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.f), ROW(NEW.f)))
  EXECUTE FUNCTION segue.segue_public_samples_an_array_null_function_3321ac31();
ALTER TABLE public.samples ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_samples_an_array_null_f9f019ff;
CREATE OR REPLACE FUNCTION segue.segue_public_samples_a_float_null_function_0b37f550() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.g := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.samples', 'zz_segue_null_segue_public_samples_a_float_null_e236c658');
CREATE TRIGGER zz_segue_null_segue_public_samples_a_float_null_e236c658 BEFORE UPDATE OF a_float ON public.samples
  FOR EACH ROW WHEN (NEW.a_float IS NULL AND OLD.a_float IS NULL AND NEW.g IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.g), ROW(NEW.g)))
  EXECUTE FUNCTION segue.segue_public_samples_a_float_null_function_0b37f550();
ALTER TABLE public.samples ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_samples_a_float_null_e236c658;
CREATE OR REPLACE FUNCTION segue.segue_public_samples_a_percent_null_function_c8e5ecd3() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.h := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.samples', 'zz_segue_null_segue_public_samples_a_percent_null_16523be1');
CREATE TRIGGER zz_segue_null_segue_public_samples_a_percent_null_16523be1 BEFORE UPDATE OF a_percent ON public.samples
  FOR EACH ROW WHEN (NEW.a_percent IS NULL AND OLD.a_percent IS NULL AND NEW.h IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.h), ROW(NEW.h)))
  EXECUTE FUNCTION segue.segue_public_samples_a_percent_null_function_c8e5ecd3();
ALTER TABLE public.samples ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_samples_a_percent_null_16523be1;
CREATE OR REPLACE FUNCTION segue.segue_public_samples_some_bytes_null_function_25621bac() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.i := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.samples', 'zz_segue_null_segue_public_samples_some_bytes_null_85f6a6ec');
CREATE TRIGGER zz_segue_null_segue_public_samples_some_bytes_null_85f6a6ec BEFORE UPDATE OF some_bytes ON public.samples
  FOR EACH ROW WHEN (NEW.some_bytes IS NULL AND OLD.some_bytes IS NULL AND NEW.i IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.i), ROW(NEW.i)))
  EXECUTE FUNCTION segue.segue_public_samples_some_bytes_null_function_25621bac();
ALTER TABLE public.samples ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_samples_some_bytes_null_85f6a6ec;
CREATE OR REPLACE FUNCTION segue.segue_public_samples_a_range_null_function_f1fed613() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.j := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.samples', 'zz_segue_null_segue_public_samples_a_range_null_b1067aa1');
CREATE TRIGGER zz_segue_null_segue_public_samples_a_range_null_b1067aa1 BEFORE UPDATE OF a_range ON public.samples
  FOR EACH ROW WHEN (NEW.a_range IS NULL AND OLD.a_range IS NULL AND NEW.j IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.j), ROW(NEW.j)))
  EXECUTE FUNCTION segue.segue_public_samples_a_range_null_function_f1fed613();
ALTER TABLE public.samples ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_samples_a_range_null_b1067aa1;
CREATE OR REPLACE FUNCTION segue.segue_public_samples_sync_a57f3f96() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- a and a_json say the same; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.a), ROW(NEW.a_json)) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.a_json IS NOT NULL THEN
        NEW.a := NEW.a_json;
      ELSE
        NEW.a_json := NEW.a;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.a_json), ROW(NEW.a_json)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.a), ROW(NEW.a)) THEN
        PERFORM segue.note_disagreement('input', 'public.samples', 'a, a_json');
      END IF;
      NEW.a := NEW.a_json;
    ELSE
      NEW.a_json := NEW.a;
    END IF;
  END IF;
  -- b and a_point say the same; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.b), ROW(NEW.a_point)) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.a_point IS NOT NULL THEN
        NEW.b := NEW.a_point;
      ELSE
        NEW.a_point := NEW.b;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.a_point), ROW(NEW.a_point)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.b), ROW(NEW.b)) THEN
        PERFORM segue.note_disagreement('input', 'public.samples', 'b, a_point');
      END IF;
      NEW.b := NEW.a_point;
    ELSE
      NEW.a_point := NEW.b;
    END IF;
  END IF;
  -- c and a_numeric say the same; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.c), ROW(NEW.a_numeric)) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.a_numeric IS NOT NULL THEN
        NEW.c := NEW.a_numeric;
      ELSE
        NEW.a_numeric := NEW.c;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.a_numeric), ROW(NEW.a_numeric)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.c), ROW(NEW.c)) THEN
        PERFORM segue.note_disagreement('input', 'public.samples', 'c, a_numeric');
      END IF;
      NEW.c := NEW.a_numeric;
    ELSE
      NEW.a_numeric := NEW.c;
    END IF;
  END IF;
  -- d and an_interval say the same; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.d), ROW(NEW.an_interval)) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.an_interval IS NOT NULL THEN
        NEW.d := NEW.an_interval;
      ELSE
        NEW.an_interval := NEW.d;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.an_interval), ROW(NEW.an_interval)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.d), ROW(NEW.d)) THEN
        PERFORM segue.note_disagreement('input', 'public.samples', 'd, an_interval');
      END IF;
      NEW.d := NEW.an_interval;
    ELSE
      NEW.an_interval := NEW.d;
    END IF;
  END IF;
  -- e and a_mood say the same; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.e), ROW(NEW.a_mood)) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.a_mood IS NOT NULL THEN
        NEW.e := NEW.a_mood;
      ELSE
        NEW.a_mood := NEW.e;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.a_mood), ROW(NEW.a_mood)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.e), ROW(NEW.e)) THEN
        PERFORM segue.note_disagreement('input', 'public.samples', 'e, a_mood');
      END IF;
      NEW.e := NEW.a_mood;
    ELSE
      NEW.a_mood := NEW.e;
    END IF;
  END IF;
  -- f and an_array say the same; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.f), ROW(NEW.an_array)) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.an_array IS NOT NULL THEN
        NEW.f := NEW.an_array;
      ELSE
        NEW.an_array := NEW.f;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.an_array), ROW(NEW.an_array)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.f), ROW(NEW.f)) THEN
        PERFORM segue.note_disagreement('input', 'public.samples', 'f, an_array');
      END IF;
      NEW.f := NEW.an_array;
    ELSE
      NEW.an_array := NEW.f;
    END IF;
  END IF;
  -- g and a_float say the same; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.g), ROW(NEW.a_float)) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.a_float IS NOT NULL THEN
        NEW.g := NEW.a_float;
      ELSE
        NEW.a_float := NEW.g;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.a_float), ROW(NEW.a_float)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.g), ROW(NEW.g)) THEN
        PERFORM segue.note_disagreement('input', 'public.samples', 'g, a_float');
      END IF;
      NEW.g := NEW.a_float;
    ELSE
      NEW.a_float := NEW.g;
    END IF;
  END IF;
  -- h and a_percent say the same; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.h), ROW(NEW.a_percent)) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.a_percent IS NOT NULL THEN
        NEW.h := NEW.a_percent;
      ELSE
        NEW.a_percent := NEW.h;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.a_percent), ROW(NEW.a_percent)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.h), ROW(NEW.h)) THEN
        PERFORM segue.note_disagreement('input', 'public.samples', 'h, a_percent');
      END IF;
      NEW.h := NEW.a_percent;
    ELSE
      NEW.a_percent := NEW.h;
    END IF;
  END IF;
  -- i and some_bytes say the same; where both changed, the new one wins
  IF (NEW.i OPERATOR(pg_catalog.=) NEW.some_bytes
      OR (NEW.i IS NULL AND NEW.some_bytes IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.some_bytes IS NOT NULL THEN
        NEW.i := NEW.some_bytes;
      ELSE
        NEW.some_bytes := NEW.i;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.some_bytes), ROW(NEW.some_bytes)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.i), ROW(NEW.i)) THEN
        PERFORM segue.note_disagreement('input', 'public.samples', 'i, some_bytes');
      END IF;
      NEW.i := NEW.some_bytes;
    ELSE
      NEW.some_bytes := NEW.i;
    END IF;
  END IF;
  -- j and a_range say the same; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.j), ROW(NEW.a_range)) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.a_range IS NOT NULL THEN
        NEW.j := NEW.a_range;
      ELSE
        NEW.a_range := NEW.j;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.a_range), ROW(NEW.a_range)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.j), ROW(NEW.j)) THEN
        PERFORM segue.note_disagreement('input', 'public.samples', 'j, a_range');
      END IF;
      NEW.j := NEW.a_range;
    ELSE
      NEW.a_range := NEW.j;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.samples', 'zz_segue_sync_segue_public_samples_58bb7f63');
CREATE TRIGGER zz_segue_sync_segue_public_samples_58bb7f63 BEFORE INSERT OR UPDATE ON public.samples
  FOR EACH ROW WHEN ((pg_catalog.record_image_ne(ROW(NEW.a), ROW(NEW.a_json)))
    OR (pg_catalog.record_image_ne(ROW(NEW.b), ROW(NEW.a_point)))
    OR (pg_catalog.record_image_ne(ROW(NEW.c), ROW(NEW.a_numeric)))
    OR (pg_catalog.record_image_ne(ROW(NEW.d), ROW(NEW.an_interval)))
    OR (pg_catalog.record_image_ne(ROW(NEW.e), ROW(NEW.a_mood)))
    OR (pg_catalog.record_image_ne(ROW(NEW.f), ROW(NEW.an_array)))
    OR (pg_catalog.record_image_ne(ROW(NEW.g), ROW(NEW.a_float)))
    OR (pg_catalog.record_image_ne(ROW(NEW.h), ROW(NEW.a_percent)))
    OR ((NEW.i OPERATOR(pg_catalog.=) NEW.some_bytes
      OR (NEW.i IS NULL AND NEW.some_bytes IS NULL)) IS NOT TRUE)
    OR (pg_catalog.record_image_ne(ROW(NEW.j), ROW(NEW.a_range))))
  EXECUTE FUNCTION segue.segue_public_samples_sync_a57f3f96();
ALTER TABLE public.samples ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_samples_58bb7f63;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
