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

SELECT segue.enter('input', '', 2, '3be9a8c43692eaf9246e9644df80c011375d84fcf2916d07d3f77fb7001134fa') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.metrics ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.metrics, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_metrics_6dccf115 ON public.metrics; …
-- from   line 1: rename metrics.value -> reading
-- from   line 2: rename metrics.label -> tag
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.metrics') AND tgname = 'zz_segue_sync_segue_public_metrics_6dccf115' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '133ms';
CREATE OR REPLACE FUNCTION segue.segue_public_metrics_reading_null_function_fd0fe41c() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.value := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.metrics', 'zz_segue_null_segue_public_metrics_reading_null_f53f20bc');
CREATE TRIGGER zz_segue_null_segue_public_metrics_reading_null_f53f20bc BEFORE UPDATE OF reading ON public.metrics
  FOR EACH ROW WHEN (NEW.reading IS NULL AND OLD.reading IS NULL AND NEW.value IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.value), ROW(NEW.value)))
  EXECUTE FUNCTION segue.segue_public_metrics_reading_null_function_fd0fe41c();
ALTER TABLE public.metrics ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_metrics_reading_null_f53f20bc;
ALTER TABLE public.metrics_2023 ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_metrics_reading_null_f53f20bc;
ALTER TABLE public.metrics_2024 ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_metrics_reading_null_f53f20bc;
ALTER TABLE public.metrics_rest ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_metrics_reading_null_f53f20bc;
ALTER TABLE public.metrics_2024_0 ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_metrics_reading_null_f53f20bc;
ALTER TABLE public.metrics_2024_1 ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_metrics_reading_null_f53f20bc;
CREATE OR REPLACE FUNCTION segue.segue_public_metrics_tag_null_function_1c627804() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.label := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.metrics', 'zz_segue_null_segue_public_metrics_tag_null_58184eb4');
CREATE TRIGGER zz_segue_null_segue_public_metrics_tag_null_58184eb4 BEFORE UPDATE OF tag ON public.metrics
  FOR EACH ROW WHEN (NEW.tag IS NULL AND OLD.tag IS NULL AND NEW.label IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.label), ROW(NEW.label)))
  EXECUTE FUNCTION segue.segue_public_metrics_tag_null_function_1c627804();
ALTER TABLE public.metrics ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_metrics_tag_null_58184eb4;
ALTER TABLE public.metrics_2023 ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_metrics_tag_null_58184eb4;
ALTER TABLE public.metrics_2024 ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_metrics_tag_null_58184eb4;
ALTER TABLE public.metrics_rest ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_metrics_tag_null_58184eb4;
ALTER TABLE public.metrics_2024_0 ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_metrics_tag_null_58184eb4;
ALTER TABLE public.metrics_2024_1 ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_metrics_tag_null_58184eb4;
CREATE OR REPLACE FUNCTION segue.segue_public_metrics_sync_5b629148() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- value and reading say the same; where both changed, the new one wins
  IF pg_catalog.record_image_ne(ROW(NEW.value), ROW(NEW.reading)) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.reading IS NOT NULL THEN
        NEW.value := NEW.reading;
      ELSE
        NEW.reading := NEW.value;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.reading), ROW(NEW.reading)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.value), ROW(NEW.value)) THEN
        PERFORM segue.note_disagreement('input', 'public.metrics', 'value, reading');
      END IF;
      NEW.value := NEW.reading;
    ELSE
      NEW.reading := NEW.value;
    END IF;
  END IF;
  -- label and tag say the same; where both changed, the new one wins
  IF (NEW.label OPERATOR(pg_catalog.=) NEW.tag
      OR (NEW.label IS NULL AND NEW.tag IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.tag IS NOT NULL THEN
        NEW.label := NEW.tag;
      ELSE
        NEW.tag := NEW.label;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.tag), ROW(NEW.tag)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.label), ROW(NEW.label)) THEN
        PERFORM segue.note_disagreement('input', 'public.metrics', 'label, tag');
      END IF;
      NEW.label := NEW.tag;
    ELSE
      NEW.tag := NEW.label;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.metrics', 'zz_segue_sync_segue_public_metrics_6dccf115');
CREATE TRIGGER zz_segue_sync_segue_public_metrics_6dccf115 BEFORE INSERT OR UPDATE ON public.metrics
  FOR EACH ROW WHEN ((pg_catalog.record_image_ne(ROW(NEW.value), ROW(NEW.reading)))
    OR ((NEW.label OPERATOR(pg_catalog.=) NEW.tag
      OR (NEW.label IS NULL AND NEW.tag IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_metrics_sync_5b629148();
ALTER TABLE public.metrics ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_metrics_6dccf115;
ALTER TABLE public.metrics_2023 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_metrics_6dccf115;
ALTER TABLE public.metrics_2024 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_metrics_6dccf115;
ALTER TABLE public.metrics_rest ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_metrics_6dccf115;
ALTER TABLE public.metrics_2024_0 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_metrics_6dccf115;
ALTER TABLE public.metrics_2024_1 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_metrics_6dccf115;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
