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

SELECT segue.enter('input', '', 2, '21a295782d76d8c271b76f6f97f23c5c0a0ab916eba47b54208c9562c765a3c3') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.orders ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_orders_2c7648f1 ON public.orders; …
-- from   line 8: rename orders.place -> town
-- from   line 4: add orders.kind kind required
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.orders') AND tgname = 'zz_segue_sync_segue_public_orders_2c7648f1' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_orders_town_null_function_06b22382() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.place := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_null_segue_public_orders_town_null_cb182d3a');
CREATE TRIGGER zz_segue_null_segue_public_orders_town_null_cb182d3a BEFORE UPDATE OF town ON public.orders
  FOR EACH ROW WHEN (NEW.town IS NULL AND OLD.town IS NULL AND NEW.place IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.place), ROW(NEW.place)))
  EXECUTE FUNCTION segue.segue_public_orders_town_null_function_06b22382();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_orders_town_null_cb182d3a;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_sync_da326514() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- place and town say the same; where both changed, the new one wins
  IF (NEW.place OPERATOR(pg_catalog.=) NEW.town
      OR (NEW.place IS NULL AND NEW.town IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.town IS NOT NULL THEN
        NEW.place := NEW.town;
      ELSE
        NEW.town := NEW.place;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.town), ROW(NEW.town)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.place), ROW(NEW.place)) THEN
        PERFORM segue.note_disagreement('input', 'public.orders', 'place, town');
      END IF;
      NEW.place := NEW.town;
    ELSE
      NEW.town := NEW.place;
    END IF;
  END IF;
  -- the old release does not know kind
  IF NEW.kind IS NULL THEN
    NEW.kind := 'walk-in';
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_sync_segue_public_orders_2c7648f1');
CREATE TRIGGER zz_segue_sync_segue_public_orders_2c7648f1 BEFORE INSERT OR UPDATE ON public.orders
  FOR EACH ROW WHEN (((NEW.place OPERATOR(pg_catalog.=) NEW.town
      OR (NEW.place IS NULL AND NEW.town IS NULL)) IS NOT TRUE)
    OR (NEW.kind IS NULL))
  EXECUTE FUNCTION segue.segue_public_orders_sync_da326514();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_orders_2c7648f1;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
