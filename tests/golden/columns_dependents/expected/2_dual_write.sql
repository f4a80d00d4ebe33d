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

SELECT segue.enter('input', '', 2, '154b170a9f041c48f3b6914bdb3d8a5389ae865900210ec1cfe28e2fa56b26e2') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.readings ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.readings, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_readings_16e0d5f5 ON public.readings;
--        DROP FUNCTION IF EXISTS segue.segue_public_readings_sync_2a7ff928();
-- from   line 12: add readings.quality smallint required check (quality between 0 and 9)
-- from   line 2: require readings.value
-- from   line 9: drop readings.legacy
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.readings') AND tgname = 'zz_segue_sync_segue_public_readings_16e0d5f5' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_readings_sync_2a7ff928() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- the old release does not know quality
  IF NEW.quality IS NULL THEN
    NEW.quality := (case when NEW.value is null then 0 else 5 end);
  END IF;
  -- value is to be required
  IF NEW.value IS NULL THEN
    NEW.value := 0;
  END IF;
  -- the new release does not write legacy; the old one still reads it
  IF TG_OP = 'INSERT' AND NEW.legacy IS NULL THEN
    NEW.legacy := (NEW.id::integer);
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.readings', 'zz_segue_sync_segue_public_readings_16e0d5f5');
CREATE TRIGGER zz_segue_sync_segue_public_readings_16e0d5f5 BEFORE INSERT OR UPDATE ON public.readings
  FOR EACH ROW WHEN (((NEW.quality IS NULL)
    OR (NEW.value IS NULL)
    OR (NEW.legacy IS NULL))
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_readings_sync_2a7ff928();
ALTER TABLE public.readings ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_readings_16e0d5f5;
ALTER TABLE public.readings_2023 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_readings_16e0d5f5;
ALTER TABLE public.readings_2024 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_readings_16e0d5f5;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
