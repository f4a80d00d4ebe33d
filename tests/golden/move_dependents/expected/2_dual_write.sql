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

SELECT segue.enter('input', '', 2, 'cf27e42f090c1687f632ee9f05fc318ceb7791d768c82db39e54ddc6bc972d01') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.shipments ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.shipments, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_shipments_30bc2dbb ON public.shipments;
--        …
-- from   line 8: rename shipments.weight -> grams
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.shipments') AND tgname = 'zz_segue_sync_segue_public_shipments_30bc2dbb' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_shipments_grams_null_function_8d97c5fe() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.weight := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.shipments', 'zz_segue_null_segue_public_shipments_grams_null_97ddacee');
CREATE TRIGGER zz_segue_null_segue_public_shipments_grams_null_97ddacee BEFORE UPDATE OF grams ON public.shipments
  FOR EACH ROW WHEN (NEW.grams IS NULL AND OLD.grams IS NULL AND NEW.weight IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.weight), ROW(NEW.weight)))
  EXECUTE FUNCTION segue.segue_public_shipments_grams_null_function_8d97c5fe();
ALTER TABLE public.shipments ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_shipments_grams_null_97ddacee;
CREATE OR REPLACE FUNCTION segue.segue_public_shipments_sync_aca5255e() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- weight and grams say the same; where both changed, the new one wins
  IF (NEW.weight OPERATOR(pg_catalog.=) NEW.grams
      OR (NEW.weight IS NULL AND NEW.grams IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.grams IS NOT NULL THEN
        NEW.weight := NEW.grams;
      ELSE
        NEW.grams := NEW.weight;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.grams), ROW(NEW.grams)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.weight), ROW(NEW.weight)) THEN
        PERFORM segue.note_disagreement('input', 'public.shipments', 'weight, grams');
      END IF;
      NEW.weight := NEW.grams;
    ELSE
      NEW.grams := NEW.weight;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.shipments', 'zz_segue_sync_segue_public_shipments_30bc2dbb');
CREATE TRIGGER zz_segue_sync_segue_public_shipments_30bc2dbb BEFORE INSERT OR UPDATE ON public.shipments
  FOR EACH ROW WHEN ((NEW.weight OPERATOR(pg_catalog.=) NEW.grams
      OR (NEW.weight IS NULL AND NEW.grams IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_shipments_sync_aca5255e();
ALTER TABLE public.shipments ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_shipments_30bc2dbb;
COMMIT;
\endif

-- ── 2.2  Pass deletes and key changes of app."Orders" on to public.shipments ──
-- why    before anything that is inserted: a value that has gone over must not outlive its row
-- locks  SHARE ROW EXCLUSIVE on app."Orders", for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_gone_segue_app_orders_ship_to_key_changed_230fb7f9 ON
--        app."Orders"; …
-- from   line 1: move app."Orders"."Ship To" -> shipments.destination
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('app."Orders"') AND tgname = 'zz_segue_gone_segue_app_orders_ship_to_key_changed_230fb7f9' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_app_orders_ship_to_gone_9c86cc65() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  BEGIN
  UPDATE public.shipments AS segue_target SET destination = NULL
   WHERE segue_target.order_number = OLD.number AND segue_target.order_region = OLD.region AND segue_target.destination IS NOT NULL;
  EXCEPTION WHEN check_violation THEN
    NULL;  -- it is required by now
  END;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_app_orders_ship_to_gone_9c86cc65() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_app_orders_ship_to_leaves_26656806() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_found record;
BEGIN
  IF NOT pg_catalog.record_image_ne(ROW(OLD."Ship To"), ROW(NEW."Ship To")) THEN
    SELECT segue_target.destination AS value INTO segue_found FROM public.shipments AS segue_target WHERE segue_target.order_number = OLD.number AND segue_target.order_region = OLD.region FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      SELECT segue_target.destination AS value INTO segue_found FROM public.shipments AS segue_target WHERE segue_target.order_number = NEW.number AND segue_target.order_region = NEW.region FOR NO KEY UPDATE;
    END IF;
    IF FOUND AND EXISTS (SELECT FROM segue.segue_app_orders_ship_to_owed_8c7a5629 AS segue_owed WHERE segue_owed.key_1 = OLD.number AND segue_owed.key_2 = OLD.region) THEN
      DELETE FROM segue.segue_app_orders_ship_to_owed_8c7a5629 AS segue_owed WHERE segue_owed.key_1 = OLD.number AND segue_owed.key_2 = OLD.region;
      UPDATE app."Orders" AS segue_source SET "Ship To" = segue_found.value WHERE segue_source.number = NEW.number AND segue_source.region = NEW.region;
    END IF;
  END IF;
  BEGIN
  UPDATE public.shipments AS segue_target SET destination = NULL
   WHERE segue_target.order_number = OLD.number AND segue_target.order_region = OLD.region AND segue_target.destination IS NOT NULL
     AND NOT EXISTS (SELECT FROM app."Orders" AS segue_source WHERE segue_source.number = OLD.number AND segue_source.region = OLD.region);
  EXCEPTION WHEN check_violation THEN
    NULL;  -- it is required by now
  END;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_app_orders_ship_to_leaves_26656806() FROM PUBLIC;
CALL segue.clear_trigger('app."Orders"', 'zz_segue_gone_segue_app_orders_ship_to_deleted_393a44b3');
CREATE TRIGGER zz_segue_gone_segue_app_orders_ship_to_deleted_393a44b3 AFTER DELETE ON app."Orders"
  FOR EACH ROW
  EXECUTE FUNCTION segue.segue_app_orders_ship_to_gone_9c86cc65();
ALTER TABLE app."Orders" ENABLE ALWAYS TRIGGER zz_segue_gone_segue_app_orders_ship_to_deleted_393a44b3;
CALL segue.clear_trigger('app."Orders"', 'zz_segue_gone_segue_app_orders_ship_to_key_changed_230fb7f9');
CREATE TRIGGER zz_segue_gone_segue_app_orders_ship_to_key_changed_230fb7f9 AFTER UPDATE ON app."Orders"
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(OLD.number, OLD.region), ROW(NEW.number, NEW.region)))
  EXECUTE FUNCTION segue.segue_app_orders_ship_to_leaves_26656806();
ALTER TABLE app."Orders" ENABLE ALWAYS TRIGGER zz_segue_gone_segue_app_orders_ship_to_key_changed_230fb7f9;
COMMIT;
\endif

-- ── 2.3  Pass writes of app."Orders"."Ship To" on to public.shipments ──
-- why    what the old release writes is in the new place at once; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on app."Orders", for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_move_segue_app_orders_ship_to_named_a97768bf ON
--        app."Orders"; …
-- from   line 1: move app."Orders"."Ship To" -> shipments.destination
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('app."Orders"') AND tgname = 'zz_segue_move_segue_app_orders_ship_to_named_a97768bf' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_app_orders_ship_to_takes_503e7ac6() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_found record;
BEGIN
  SELECT segue_target.destination AS value INTO segue_found FROM public.shipments AS segue_target
   WHERE segue_target.order_number = NEW.number AND segue_target.order_region = NEW.region FOR SHARE;
  IF FOUND AND segue_found.value IS NOT NULL THEN
    UPDATE app."Orders" AS segue_source SET "Ship To" = segue_found.value
     WHERE segue_source.number = NEW.number AND segue_source.region = NEW.region AND pg_catalog.record_image_ne(ROW(segue_source."Ship To"), ROW(segue_found.value));
  ELSIF NEW."Ship To" IS NOT NULL THEN
    UPDATE public.shipments AS segue_target SET destination = NEW."Ship To" WHERE segue_target.order_number = NEW.number AND segue_target.order_region = NEW.region;
  END IF;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_app_orders_ship_to_takes_503e7ac6() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_app_orders_ship_to_on_eb606073() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  SELECT segue_source."Ship To" INTO NEW."Ship To" FROM app."Orders" AS segue_source WHERE segue_source.number = NEW.number AND segue_source.region = NEW.region;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  UPDATE public.shipments AS segue_target SET destination = NEW."Ship To"
   WHERE segue_target.order_number = NEW.number AND segue_target.order_region = NEW.region AND pg_catalog.record_image_ne(ROW(segue_target.destination), ROW(NEW."Ship To"));
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_app_orders_ship_to_on_eb606073() FROM PUBLIC;
CALL segue.clear_trigger('app."Orders"', 'zz_segue_move_segue_app_orders_ship_to_takes_503e7ac6');
CREATE TRIGGER zz_segue_move_segue_app_orders_ship_to_takes_503e7ac6 AFTER INSERT ON app."Orders"
  FOR EACH ROW
  EXECUTE FUNCTION segue.segue_app_orders_ship_to_takes_503e7ac6();
ALTER TABLE app."Orders" ENABLE ALWAYS TRIGGER zz_segue_move_segue_app_orders_ship_to_takes_503e7ac6;
CALL segue.clear_trigger('app."Orders"', 'zz_segue_move_segue_app_orders_ship_to_updated_11ffa955');
CREATE TRIGGER zz_segue_move_segue_app_orders_ship_to_updated_11ffa955 AFTER UPDATE ON app."Orders"
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(OLD."Ship To", OLD.number, OLD.region), ROW(NEW."Ship To", NEW.number, NEW.region)))
  EXECUTE FUNCTION segue.segue_app_orders_ship_to_on_eb606073();
ALTER TABLE app."Orders" ENABLE ALWAYS TRIGGER zz_segue_move_segue_app_orders_ship_to_updated_11ffa955;
CALL segue.clear_trigger('app."Orders"', 'zz_segue_move_segue_app_orders_ship_to_named_a97768bf');
CREATE TRIGGER zz_segue_move_segue_app_orders_ship_to_named_a97768bf AFTER UPDATE OF "Ship To" ON app."Orders"
  FOR EACH ROW WHEN (NOT pg_catalog.record_image_ne(ROW(OLD."Ship To", OLD.number, OLD.region), ROW(NEW."Ship To", NEW.number, NEW.region)))
  EXECUTE FUNCTION segue.segue_app_orders_ship_to_on_eb606073();
ALTER TABLE app."Orders" ENABLE ALWAYS TRIGGER zz_segue_move_segue_app_orders_ship_to_named_a97768bf;
COMMIT;
\endif

-- ── 2.4  Let writers of app."Orders" pay what is owed ──
-- why    what a writer had to leave to another one reaches both tables with the next commit, also
--        where the other one was rolled back
-- locks  SHARE ROW EXCLUSIVE on app."Orders", for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DO $segue$ BEGIN IF pg_catalog.to_regclass('segue.segue_app_orders_ship_to_owed_8c7a5629')
--        IS NULL THEN RETURN; …
-- from   line 1: move app."Orders"."Ship To" -> shipments.destination
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('app."Orders"') AND tgname = 'zz_segue_settle_segue_app_orders_ship_to_source_settles_7fc90c8' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CALL segue.clear_trigger('app."Orders"', 'zz_segue_settle_segue_app_orders_ship_to_source_settles_7fc90c8');
CREATE TRIGGER zz_segue_settle_segue_app_orders_ship_to_source_settles_7fc90c8 AFTER INSERT OR UPDATE OR DELETE ON app."Orders"
  FOR EACH STATEMENT EXECUTE FUNCTION segue.segue_app_orders_ship_to_will_settle_bf29cd31();
ALTER TABLE app."Orders" ENABLE ALWAYS TRIGGER zz_segue_settle_segue_app_orders_ship_to_source_settles_7fc90c8;
COMMIT;
\endif

-- ── 2.5  Pass writes of public.shipments.destination back to app."Orders" ──
-- why    what the new release writes is in the old place at once, and a row that comes later takes
--        the value that waits for it; never waits for a writer who waits for it
-- locks  SHARE ROW EXCLUSIVE on public.shipments, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_settle_segue_app_orders_ship_to_target_settles_866d218 ON
--        public.shipments; …
-- from   line 1: move app."Orders"."Ship To" -> shipments.destination
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.shipments') AND tgname = 'zz_segue_settle_segue_app_orders_ship_to_target_settles_866d218' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_app_orders_ship_to_fetches_d3dc1a76() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_found record;
BEGIN
  SELECT segue_source."Ship To" AS value INTO segue_found FROM app."Orders" AS segue_source
   WHERE segue_source.number = NEW.order_number AND segue_source.region = NEW.order_region FOR SHARE;
  IF FOUND AND segue_found.value IS NOT NULL THEN
    UPDATE public.shipments AS segue_target SET destination = segue_found.value
     WHERE segue_target.order_number = NEW.order_number AND segue_target.order_region = NEW.order_region AND segue_target.destination IS NULL;
  END IF;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_app_orders_ship_to_fetches_d3dc1a76() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_app_orders_ship_to_back_c76fe5e9() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_since timestamptz := pg_catalog.clock_timestamp();
  segue_limit text := pg_catalog.current_setting('lock_timeout');
  segue_held xid;
  segue_waits boolean;
BEGIN
  SELECT segue_target.destination INTO NEW.destination FROM public.shipments AS segue_target WHERE segue_target.order_number = NEW.order_number AND segue_target.order_region = NEW.order_region;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  LOOP
    PERFORM FROM app."Orders" AS segue_source WHERE segue_source.number = NEW.order_number AND segue_source.region = NEW.order_region FOR NO KEY UPDATE SKIP LOCKED;
    EXIT WHEN FOUND;
    SELECT segue_source.xmax INTO segue_held FROM app."Orders" AS segue_source WHERE segue_source.number = NEW.order_number AND segue_source.region = NEW.order_region;
    IF NOT FOUND THEN
      RETURN NULL;
    END IF;
    segue_waits := segue.segue_app_orders_ship_to_waits_e63f80a4(segue_held);
    IF segue_waits OR segue_waits IS NULL
       AND (pg_catalog.current_setting('segue.unsure', true) = 'on'
         OR pg_catalog.clock_timestamp() > segue_since + interval '500 ms'
         OR segue_limit <> '0'
            AND pg_catalog.clock_timestamp() > segue_since + segue_limit::interval) THEN
      -- the holder waits for this transaction, or may, and writes the pair after it
      INSERT INTO segue.segue_app_orders_ship_to_owed_8c7a5629 VALUES (NEW.order_number, NEW.order_region);
      IF segue_waits IS NULL THEN
        -- what else that holder holds need not be waited for again
        PERFORM pg_catalog.set_config('segue.unsure', 'on', true);
      END IF;
      PERFORM segue.segue_app_orders_ship_to_promises_23504fb8();
      RETURN NULL;
    ELSIF segue_limit <> '0' AND segue_waits IS NOT NULL
          AND pg_catalog.clock_timestamp() > segue_since + segue_limit::interval THEN
      EXIT;  -- the application's own lock_timeout is over: wait as any statement does
    ELSIF segue_waits IS NULL
          OR pg_catalog.clock_timestamp() < segue_since + interval '100 ms' THEN
      PERFORM pg_catalog.pg_sleep(0.002);
    ELSE
      -- a place in the queue, for less than a deadlock's timeout
      BEGIN
        PERFORM pg_catalog.set_config('lock_timeout', '100ms', true);
        PERFORM FROM app."Orders" AS segue_source WHERE segue_source.number = NEW.order_number AND segue_source.region = NEW.order_region FOR NO KEY UPDATE;
        PERFORM pg_catalog.set_config('lock_timeout', segue_limit, true);
      EXCEPTION WHEN lock_not_available THEN
        NULL;
      END;
    END IF;
  END LOOP;
  UPDATE app."Orders" AS segue_source SET "Ship To" = NEW.destination WHERE segue_source.number = NEW.order_number AND segue_source.region = NEW.order_region AND pg_catalog.record_image_ne(ROW(segue_source."Ship To"), ROW(NEW.destination));
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_app_orders_ship_to_back_c76fe5e9() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_app_orders_ship_to_pays_ec171afd() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  IF EXISTS (SELECT FROM segue.segue_app_orders_ship_to_owed_8c7a5629 AS segue_owed WHERE segue_owed.key_1 = OLD.order_number AND segue_owed.key_2 = OLD.order_region) THEN
    PERFORM FROM app."Orders" AS segue_source WHERE segue_source.number = OLD.order_number AND segue_source.region = OLD.order_region FOR NO KEY UPDATE SKIP LOCKED;
    IF FOUND THEN
      DELETE FROM segue.segue_app_orders_ship_to_owed_8c7a5629 AS segue_owed WHERE segue_owed.key_1 = OLD.order_number AND segue_owed.key_2 = OLD.order_region;
      UPDATE app."Orders" AS segue_source SET "Ship To" = OLD.destination WHERE segue_source.number = OLD.order_number AND segue_source.region = OLD.order_region;
    END IF;
  END IF;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_app_orders_ship_to_pays_ec171afd() FROM PUBLIC;
CALL segue.clear_trigger('public.shipments', 'zz_segue_gone_segue_app_orders_ship_to_deleted_there_5a0a4111');
CREATE TRIGGER zz_segue_gone_segue_app_orders_ship_to_deleted_there_5a0a4111 AFTER DELETE ON public.shipments
  FOR EACH ROW
  EXECUTE FUNCTION segue.segue_app_orders_ship_to_pays_ec171afd();
ALTER TABLE public.shipments ENABLE ALWAYS TRIGGER zz_segue_gone_segue_app_orders_ship_to_deleted_there_5a0a4111;
CALL segue.clear_trigger('public.shipments', 'zz_segue_gone_segue_app_orders_ship_to_key_changed_there_792c9b');
CREATE TRIGGER zz_segue_gone_segue_app_orders_ship_to_key_changed_there_792c9b AFTER UPDATE ON public.shipments
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(OLD.order_number, OLD.order_region), ROW(NEW.order_number, NEW.order_region)))
  EXECUTE FUNCTION segue.segue_app_orders_ship_to_pays_ec171afd();
ALTER TABLE public.shipments ENABLE ALWAYS TRIGGER zz_segue_gone_segue_app_orders_ship_to_key_changed_there_792c9b;
CALL segue.clear_trigger('public.shipments', 'zz_segue_move_segue_app_orders_ship_to_fetches_d3dc1a76');
CREATE TRIGGER zz_segue_move_segue_app_orders_ship_to_fetches_d3dc1a76 AFTER INSERT ON public.shipments
  FOR EACH ROW WHEN (NEW.destination IS NULL)
  EXECUTE FUNCTION segue.segue_app_orders_ship_to_fetches_d3dc1a76();
ALTER TABLE public.shipments ENABLE ALWAYS TRIGGER zz_segue_move_segue_app_orders_ship_to_fetches_d3dc1a76;
CALL segue.clear_trigger('public.shipments', 'zz_segue_move_segue_app_orders_ship_to_fetches_again_44c0fa62');
CREATE TRIGGER zz_segue_move_segue_app_orders_ship_to_fetches_again_44c0fa62 AFTER UPDATE ON public.shipments
  FOR EACH ROW WHEN (NEW.destination IS NULL AND pg_catalog.record_image_ne(ROW(OLD.order_number, OLD.order_region), ROW(NEW.order_number, NEW.order_region)))
  EXECUTE FUNCTION segue.segue_app_orders_ship_to_fetches_d3dc1a76();
ALTER TABLE public.shipments ENABLE ALWAYS TRIGGER zz_segue_move_segue_app_orders_ship_to_fetches_again_44c0fa62;
CALL segue.clear_trigger('public.shipments', 'zz_segue_move_segue_app_orders_ship_to_given_52cead17');
CREATE TRIGGER zz_segue_move_segue_app_orders_ship_to_given_52cead17 AFTER INSERT ON public.shipments
  FOR EACH ROW WHEN (NEW.destination IS NOT NULL)
  EXECUTE FUNCTION segue.segue_app_orders_ship_to_back_c76fe5e9();
ALTER TABLE public.shipments ENABLE ALWAYS TRIGGER zz_segue_move_segue_app_orders_ship_to_given_52cead17;
CALL segue.clear_trigger('public.shipments', 'zz_segue_move_segue_app_orders_ship_to_set_8273aada');
CREATE TRIGGER zz_segue_move_segue_app_orders_ship_to_set_8273aada AFTER UPDATE ON public.shipments
  FOR EACH ROW WHEN ((pg_catalog.record_image_ne(ROW(OLD.destination), ROW(NEW.destination)) OR NEW.destination IS NOT NULL AND pg_catalog.record_image_ne(ROW(OLD.order_number, OLD.order_region), ROW(NEW.order_number, NEW.order_region)))
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_app_orders_ship_to_back_c76fe5e9();
ALTER TABLE public.shipments ENABLE ALWAYS TRIGGER zz_segue_move_segue_app_orders_ship_to_set_8273aada;
CALL segue.clear_trigger('public.shipments', 'zz_segue_move_segue_app_orders_ship_to_emptied_8aa690fe');
CREATE TRIGGER zz_segue_move_segue_app_orders_ship_to_emptied_8aa690fe AFTER UPDATE OF destination ON public.shipments
  FOR EACH ROW WHEN (OLD.destination IS NULL AND NEW.destination IS NULL AND NOT pg_catalog.record_image_ne(ROW(OLD.order_number, OLD.order_region), ROW(NEW.order_number, NEW.order_region))
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_app_orders_ship_to_back_c76fe5e9();
ALTER TABLE public.shipments ENABLE ALWAYS TRIGGER zz_segue_move_segue_app_orders_ship_to_emptied_8aa690fe;
CALL segue.clear_trigger('public.shipments', 'zz_segue_settle_segue_app_orders_ship_to_target_settles_866d218');
CREATE TRIGGER zz_segue_settle_segue_app_orders_ship_to_target_settles_866d218 AFTER INSERT OR UPDATE OR DELETE ON public.shipments
  FOR EACH STATEMENT EXECUTE FUNCTION segue.segue_app_orders_ship_to_will_settle_bf29cd31();
ALTER TABLE public.shipments ENABLE ALWAYS TRIGGER zz_segue_settle_segue_app_orders_ship_to_target_settles_866d218;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
