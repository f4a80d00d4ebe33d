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

SELECT segue.enter('input', '', 2, '7aaea47f20285e99c1350e239c77bc76082d515fb0fda63ccdfaca32c4967ed2') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.places ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.places, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_places_e80a3cc0 ON public.places; …
-- from   line 1: split places.spot ->
-- from   line 5: split places.label -> word text = (split_part(label, ' ', 1)), rest text =
--        (split_part(label, ' ', 2))
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.places') AND tgname = 'zz_segue_sync_segue_public_places_e80a3cc0' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_places_fails_for_spot_9e1e0d0e(spot text) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres'
  SET extra_float_digits = 1 SET bytea_output = 'hex' SET lc_monetary FROM CURRENT AS $segue$
DECLARE
  segue_value_1 double precision;
  segue_value_2 double precision;
BEGIN
  segue_value_1 := (split_part(segue_public_places_fails_for_spot_9e1e0d0e.spot, ',', 1)::float8);
  segue_value_2 := (split_part(segue_public_places_fails_for_spot_9e1e0d0e.spot, ',', 2)::float8);
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_places_fails_for_spot_9e1e0d0e(text) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_places_to_lat_a22a3888(spot text) RETURNS double precision
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres'
  SET extra_float_digits = 1 SET bytea_output = 'hex' SET lc_monetary FROM CURRENT AS $segue$
DECLARE
  segue_value double precision;
BEGIN
  BEGIN
    segue_value := (split_part(segue_public_places_to_lat_a22a3888.spot, ',', 1)::float8);
  EXCEPTION WHEN OTHERS THEN
    segue_value := NULL;
  END;
  RETURN segue_value;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_places_to_lat_a22a3888(text) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_places_to_lon_ac3952d0(spot text) RETURNS double precision
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres'
  SET extra_float_digits = 1 SET bytea_output = 'hex' SET lc_monetary FROM CURRENT AS $segue$
DECLARE
  segue_value double precision;
BEGIN
  BEGIN
    segue_value := (split_part(segue_public_places_to_lon_ac3952d0.spot, ',', 2)::float8);
  EXCEPTION WHEN OTHERS THEN
    segue_value := NULL;
  END;
  RETURN segue_value;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_places_to_lon_ac3952d0(text) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_places_sync_0cf95a9b() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- (lat, lon) is filled from spot
  IF pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on' THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.lat IS NULL AND NEW.lon IS NULL THEN
        NEW.lat := segue.segue_public_places_to_lat_a22a3888(NEW.spot);
        NEW.lon := segue.segue_public_places_to_lon_ac3952d0(NEW.spot);
      ELSE
        IF NEW.lat IS NULL AND NEW.lon IS NULL THEN
          NEW.spot := NULL;
        END IF;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.lat, OLD.lon), ROW(NEW.lat, NEW.lon)) THEN
      -- a row that is not filled yet: what this write leaves out comes from the old side
      IF OLD.lat IS NULL AND OLD.lon IS NULL THEN
        IF NEW.lat IS NULL THEN
          NEW.lat := segue.segue_public_places_to_lat_a22a3888(OLD.spot);
        END IF;
        IF NEW.lon IS NULL THEN
          NEW.lon := segue.segue_public_places_to_lon_ac3952d0(OLD.spot);
        END IF;
      END IF;
      IF NEW.lat IS NULL AND NEW.lon IS NULL THEN
        NEW.spot := NULL;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.spot), ROW(NEW.spot))
      OR (NEW.lat IS NULL AND NEW.lon IS NULL) THEN
      NEW.lat := segue.segue_public_places_to_lat_a22a3888(NEW.spot);
      NEW.lon := segue.segue_public_places_to_lon_ac3952d0(NEW.spot);
    END IF;
  END IF;
  -- (word, rest) is filled from label
  IF pg_catalog.record_image_ne(ROW(NEW.word, NEW.rest), ROW(CAST((split_part(NEW.label, ' ', 1)) AS text), CAST((split_part(NEW.label, ' ', 2)) AS text))) THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.word IS NULL AND NEW.rest IS NULL THEN
        NEW.word := CAST((split_part(NEW.label, ' ', 1)) AS text);
        NEW.rest := CAST((split_part(NEW.label, ' ', 2)) AS text);
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.word, OLD.rest), ROW(NEW.word, NEW.rest)) THEN
      -- a row that is not filled yet: what this write leaves out comes from the old side
      IF OLD.word IS NULL AND OLD.rest IS NULL THEN
        IF NEW.word IS NULL THEN
          NEW.word := CAST((split_part(OLD.label, ' ', 1)) AS text);
        END IF;
        IF NEW.rest IS NULL THEN
          NEW.rest := CAST((split_part(OLD.label, ' ', 2)) AS text);
        END IF;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.label), ROW(NEW.label))
      OR (NEW.word IS NULL AND NEW.rest IS NULL) THEN
      NEW.word := CAST((split_part(NEW.label, ' ', 1)) AS text);
      NEW.rest := CAST((split_part(NEW.label, ' ', 2)) AS text);
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.places', 'zz_segue_sync_segue_public_places_e80a3cc0');
CREATE TRIGGER zz_segue_sync_segue_public_places_e80a3cc0 BEFORE INSERT OR UPDATE ON public.places
  FOR EACH ROW WHEN ((pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
    OR (pg_catalog.record_image_ne(ROW(NEW.word, NEW.rest), ROW(CAST((split_part(NEW.label, ' ', 1)) AS text), CAST((split_part(NEW.label, ' ', 2)) AS text)))))
  EXECUTE FUNCTION segue.segue_public_places_sync_0cf95a9b();
ALTER TABLE public.places ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_places_e80a3cc0;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
