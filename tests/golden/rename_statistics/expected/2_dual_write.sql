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

SELECT segue.enter('input', '', 2, 'cd002d57c21fba12399140de0c4b00c2b5a1955a6f1cbec1f0cfe3c94935f21d') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.cars ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.cars, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_cars_99a280e7 ON public.cars; …
-- from   line 1: rename cars.make -> brand
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.cars') AND tgname = 'zz_segue_sync_segue_public_cars_99a280e7' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_cars_brand_null_function_5a67b823() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.make := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.cars', 'zz_segue_null_segue_public_cars_brand_null_ffa47b91');
CREATE TRIGGER zz_segue_null_segue_public_cars_brand_null_ffa47b91 BEFORE UPDATE OF brand ON public.cars
  FOR EACH ROW WHEN (NEW.brand IS NULL AND OLD.brand IS NULL AND NEW.make IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.make), ROW(NEW.make)))
  EXECUTE FUNCTION segue.segue_public_cars_brand_null_function_5a67b823();
ALTER TABLE public.cars ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_cars_brand_null_ffa47b91;
CREATE OR REPLACE FUNCTION segue.segue_public_cars_sync_4235231a() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- make and brand say the same; where both changed, the new one wins
  IF (NEW.make OPERATOR(pg_catalog.=) NEW.brand
      OR (NEW.make IS NULL AND NEW.brand IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.brand IS NOT NULL THEN
        NEW.make := NEW.brand;
      ELSE
        NEW.brand := NEW.make;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.brand), ROW(NEW.brand)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.make), ROW(NEW.make)) THEN
        PERFORM segue.note_disagreement('input', 'public.cars', 'make, brand');
      END IF;
      NEW.make := NEW.brand;
    ELSE
      NEW.brand := NEW.make;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.cars', 'zz_segue_sync_segue_public_cars_99a280e7');
CREATE TRIGGER zz_segue_sync_segue_public_cars_99a280e7 BEFORE INSERT OR UPDATE ON public.cars
  FOR EACH ROW WHEN ((NEW.make OPERATOR(pg_catalog.=) NEW.brand
      OR (NEW.make IS NULL AND NEW.brand IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_cars_sync_4235231a();
ALTER TABLE public.cars ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_cars_99a280e7;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
