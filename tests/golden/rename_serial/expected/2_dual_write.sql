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

SELECT segue.enter('input', '', 2, 'f4749e452b177cdbe5571a780de26e219d622f69d7af084a7a9635a1d0eb0081') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.parcels ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.parcels, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_parcels_53c7ed8e ON public.parcels; …
-- from   line 1: rename parcels.id -> parcel_id
-- from   line 2: rename parcels.tracking -> tracking_number
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.parcels') AND tgname = 'zz_segue_sync_segue_public_parcels_53c7ed8e' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_parcels_parcel_id_null_function_0390f98c() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.id := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.parcels', 'zz_segue_null_segue_public_parcels_parcel_id_null_6b17aa4c');
CREATE TRIGGER zz_segue_null_segue_public_parcels_parcel_id_null_6b17aa4c BEFORE UPDATE OF parcel_id ON public.parcels
  FOR EACH ROW WHEN (NEW.parcel_id IS NULL AND OLD.parcel_id IS NULL AND NEW.id IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.id), ROW(NEW.id)))
  EXECUTE FUNCTION segue.segue_public_parcels_parcel_id_null_function_0390f98c();
ALTER TABLE public.parcels ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_parcels_parcel_id_null_6b17aa4c;
CREATE OR REPLACE FUNCTION segue.segue_public_parcels_tracking_number_null_function_f6c84b44() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.tracking := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.parcels', 'zz_segue_null_segue_public_parcels_tracking_number_null_cc80f47');
CREATE TRIGGER zz_segue_null_segue_public_parcels_tracking_number_null_cc80f47 BEFORE UPDATE OF tracking_number ON public.parcels
  FOR EACH ROW WHEN (NEW.tracking_number IS NULL AND OLD.tracking_number IS NULL AND NEW.tracking IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.tracking), ROW(NEW.tracking)))
  EXECUTE FUNCTION segue.segue_public_parcels_tracking_number_null_function_f6c84b44();
ALTER TABLE public.parcels ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_parcels_tracking_number_null_cc80f47;
CREATE OR REPLACE FUNCTION segue.segue_public_parcels_sync_354c80c1() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- id and parcel_id say the same; where both changed, the new one wins
  IF (NEW.id OPERATOR(pg_catalog.=) NEW.parcel_id
      OR (NEW.id IS NULL AND NEW.parcel_id IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.parcel_id IS NOT NULL THEN
        NEW.id := NEW.parcel_id;
      ELSE
        NEW.parcel_id := NEW.id;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.parcel_id), ROW(NEW.parcel_id)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.id), ROW(NEW.id)) THEN
        PERFORM segue.note_disagreement('input', 'public.parcels', 'id, parcel_id');
      END IF;
      NEW.id := NEW.parcel_id;
    ELSE
      NEW.parcel_id := NEW.id;
    END IF;
  END IF;
  -- tracking and tracking_number say the same; where both changed, the new one wins
  IF (NEW.tracking OPERATOR(pg_catalog.=) NEW.tracking_number
      OR (NEW.tracking IS NULL AND NEW.tracking_number IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.tracking_number IS NOT NULL THEN
        NEW.tracking := NEW.tracking_number;
      ELSE
        NEW.tracking_number := NEW.tracking;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.tracking_number), ROW(NEW.tracking_number)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.tracking), ROW(NEW.tracking)) THEN
        PERFORM segue.note_disagreement('input', 'public.parcels', 'tracking, tracking_number');
      END IF;
      NEW.tracking := NEW.tracking_number;
    ELSE
      NEW.tracking_number := NEW.tracking;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.parcels', 'zz_segue_sync_segue_public_parcels_53c7ed8e');
CREATE TRIGGER zz_segue_sync_segue_public_parcels_53c7ed8e BEFORE INSERT OR UPDATE ON public.parcels
  FOR EACH ROW WHEN (((NEW.id OPERATOR(pg_catalog.=) NEW.parcel_id
      OR (NEW.id IS NULL AND NEW.parcel_id IS NULL)) IS NOT TRUE)
    OR ((NEW.tracking OPERATOR(pg_catalog.=) NEW.tracking_number
      OR (NEW.tracking IS NULL AND NEW.tracking_number IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_parcels_sync_354c80c1();
ALTER TABLE public.parcels ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_parcels_53c7ed8e;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
