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

SELECT segue.enter('input', '', 2, '25748d3dc308a997c503802598c319d228d96c917377744c3911a35d80219f6c') AS segue_contracted \gset
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
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.shops') AND tgname = 'zz_segue_sync_segue_public_shops_f327cc8d' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_shops_sync_f69f6eb0() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- id and its copy of the new type say the same
  IF (NEW.segue_id_as_bigint_7eaff00d OPERATOR(pg_catalog.=) NEW.id::bigint
      OR (NEW.segue_id_as_bigint_7eaff00d IS NULL AND NEW.id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_id_as_bigint_7eaff00d := NEW.id::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.shops', 'zz_segue_sync_segue_public_shops_f327cc8d');
CREATE TRIGGER zz_segue_sync_segue_public_shops_f327cc8d BEFORE INSERT OR UPDATE ON public.shops
  FOR EACH ROW WHEN ((NEW.segue_id_as_bigint_7eaff00d OPERATOR(pg_catalog.=) NEW.id::bigint
      OR (NEW.segue_id_as_bigint_7eaff00d IS NULL AND NEW.id::bigint IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_shops_sync_f69f6eb0();
ALTER TABLE public.shops ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_shops_f327cc8d;
COMMIT;
\endif

-- ── 2.2  Dual-write on public.visits ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_visits_311368a8 ON public.visits; DROP
--        FUNCTION IF EXISTS segue.segue_public_visits_sync_2a1ffef3();
-- from   line 1: widen shops.id -> bigint
-- from   line 2: widen visits.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.visits') AND tgname = 'zz_segue_sync_segue_public_visits_311368a8' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '160ms';
CREATE OR REPLACE FUNCTION segue.segue_public_visits_sync_2a1ffef3() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- shop_id and its copy of the new type say the same
  IF (NEW.segue_shop_id_as_bigint_c18e2676 OPERATOR(pg_catalog.=) NEW.shop_id::bigint
      OR (NEW.segue_shop_id_as_bigint_c18e2676 IS NULL AND NEW.shop_id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_shop_id_as_bigint_c18e2676 := NEW.shop_id::bigint;
  END IF;
  -- id and its copy of the new type say the same
  IF (NEW.segue_id_as_bigint_7eaff00d OPERATOR(pg_catalog.=) NEW.id::bigint
      OR (NEW.segue_id_as_bigint_7eaff00d IS NULL AND NEW.id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_id_as_bigint_7eaff00d := NEW.id::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.visits', 'zz_segue_sync_segue_public_visits_311368a8');
CREATE TRIGGER zz_segue_sync_segue_public_visits_311368a8 BEFORE INSERT OR UPDATE ON public.visits
  FOR EACH ROW WHEN (((NEW.segue_shop_id_as_bigint_c18e2676 OPERATOR(pg_catalog.=) NEW.shop_id::bigint
      OR (NEW.segue_shop_id_as_bigint_c18e2676 IS NULL AND NEW.shop_id::bigint IS NULL)) IS NOT TRUE)
    OR ((NEW.segue_id_as_bigint_7eaff00d OPERATOR(pg_catalog.=) NEW.id::bigint
      OR (NEW.segue_id_as_bigint_7eaff00d IS NULL AND NEW.id::bigint IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_visits_sync_2a1ffef3();
ALTER TABLE public.visits ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_visits_311368a8;
ALTER TABLE public.visits_2023 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_visits_311368a8;
ALTER TABLE public.visits_2024 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_visits_311368a8;
ALTER TABLE public.visits_2024_a ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_visits_311368a8;
ALTER TABLE public.visits_2024_b ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_visits_311368a8;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
