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

SELECT segue.enter('input', '', 2, '2a02ee95429456d9617970e80a70d562d0f86645018496fa33fe5947212b4029') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.shops ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.shops, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_shops_f327cc8d ON public.shops; DROP
--        FUNCTION IF EXISTS segue.segue_public_shops_sync_f69f6eb0();
-- from   line 3: add shops.region text
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.shops') AND tgname = 'zz_segue_sync_segue_public_shops_f327cc8d' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_shops_sync_f69f6eb0() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- the old release does not know region
  IF TG_OP = 'INSERT' AND NEW.region IS NULL THEN
    NEW.region := ('region ' || coalesce(NEW.region_id::text, 'unknown'));
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.shops', 'zz_segue_sync_segue_public_shops_f327cc8d');
CREATE TRIGGER zz_segue_sync_segue_public_shops_f327cc8d BEFORE INSERT OR UPDATE ON public.shops
  FOR EACH ROW WHEN (NEW.region IS NULL)
  EXECUTE FUNCTION segue.segue_public_shops_sync_f69f6eb0();
ALTER TABLE public.shops ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_shops_f327cc8d;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
