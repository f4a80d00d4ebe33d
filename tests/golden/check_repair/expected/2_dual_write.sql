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

SELECT segue.enter('input', '', 2, 'cbf7d0ac469517e226923ce8376a3bae66e9ad4a6d83d99b1cbf68444503b146') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.coupons ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.coupons, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_coupons_387e836b ON public.coupons; DROP
--        FUNCTION IF EXISTS segue.segue_public_coupons_sync_d19bcbee();
-- from   line 1: check coupons (percent between 0 and 100)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.coupons') AND tgname = 'zz_segue_sync_segue_public_coupons_387e836b' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_coupons_sync_d19bcbee() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- what breaks coupons_percent_check is mended
  IF (NEW.percent between 0 and 100) IS FALSE THEN
    NEW.percent := (least(NEW.percent, 100));
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.coupons', 'zz_segue_sync_segue_public_coupons_387e836b');
CREATE TRIGGER zz_segue_sync_segue_public_coupons_387e836b BEFORE INSERT OR UPDATE ON public.coupons
  FOR EACH ROW WHEN (((NEW.percent between 0 and 100) IS FALSE)
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_coupons_sync_d19bcbee();
ALTER TABLE public.coupons ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_coupons_387e836b;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
