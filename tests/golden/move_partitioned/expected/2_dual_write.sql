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

SELECT segue.enter('input', '', 2, '0b4306ed5e2e18ec32baea12a719d7efabca59cbc8ef13c613421cf0903d345c') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Pass deletes and key changes of public.visits on to public.reports ──
-- why    before anything that is inserted: a value that has gone over must not outlive its row
-- locks  SHARE ROW EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_gone_segue_public_visits_note_key_changed_e107cc59 ON
--        public.visits; …
-- from   line 1: move visits.note -> reports.note on (visits.id = reports.visit_id and visits.day =
--        reports.visit_day) batch 50
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.visits') AND tgname = 'zz_segue_gone_segue_public_visits_note_key_changed_e107cc59' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_visits_note_gone_3669e845() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  UPDATE public.reports AS segue_target SET note = NULL
   WHERE segue_target.visit_id = OLD.id AND segue_target.visit_day = OLD.day AND segue_target.note IS NOT NULL;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_visits_note_gone_3669e845() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_visits_note_leaves_b83395e6() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_found record;
BEGIN
  IF NOT pg_catalog.record_image_ne(ROW(OLD.note), ROW(NEW.note)) THEN
    SELECT segue_target.note AS value INTO segue_found FROM public.reports AS segue_target WHERE segue_target.visit_id = OLD.id AND segue_target.visit_day = OLD.day FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      SELECT segue_target.note AS value INTO segue_found FROM public.reports AS segue_target WHERE segue_target.visit_id = NEW.id AND segue_target.visit_day = NEW.day FOR NO KEY UPDATE;
    END IF;
    IF FOUND AND EXISTS (SELECT FROM segue.segue_public_visits_note_owed_28d7db09 AS segue_owed WHERE segue_owed.key_1 = OLD.id AND segue_owed.key_2 = OLD.day) THEN
      DELETE FROM segue.segue_public_visits_note_owed_28d7db09 AS segue_owed WHERE segue_owed.key_1 = OLD.id AND segue_owed.key_2 = OLD.day;
      UPDATE public.visits AS segue_source SET note = segue_found.value WHERE segue_source.id = NEW.id AND segue_source.day = NEW.day;
    END IF;
  END IF;
  UPDATE public.reports AS segue_target SET note = NULL
   WHERE segue_target.visit_id = OLD.id AND segue_target.visit_day = OLD.day AND segue_target.note IS NOT NULL
     AND NOT EXISTS (SELECT FROM public.visits AS segue_source WHERE segue_source.id = OLD.id AND segue_source.day = OLD.day);
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_visits_note_leaves_b83395e6() FROM PUBLIC;
CALL segue.clear_trigger('public.visits', 'zz_segue_gone_segue_public_visits_note_deleted_88131113');
CREATE TRIGGER zz_segue_gone_segue_public_visits_note_deleted_88131113 AFTER DELETE ON public.visits
  FOR EACH ROW
  EXECUTE FUNCTION segue.segue_public_visits_note_gone_3669e845();
ALTER TABLE public.visits ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_visits_note_deleted_88131113;
ALTER TABLE public.visits_1 ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_visits_note_deleted_88131113;
ALTER TABLE public.visits_2 ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_visits_note_deleted_88131113;
CALL segue.clear_trigger('public.visits', 'zz_segue_gone_segue_public_visits_note_key_changed_e107cc59');
CREATE TRIGGER zz_segue_gone_segue_public_visits_note_key_changed_e107cc59 AFTER UPDATE ON public.visits
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(OLD.id, OLD.day), ROW(NEW.id, NEW.day)))
  EXECUTE FUNCTION segue.segue_public_visits_note_leaves_b83395e6();
ALTER TABLE public.visits ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_visits_note_key_changed_e107cc59;
ALTER TABLE public.visits_1 ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_visits_note_key_changed_e107cc59;
ALTER TABLE public.visits_2 ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_visits_note_key_changed_e107cc59;
COMMIT;
\endif

-- ── 2.2  Pass writes of public.visits.note on to public.reports ──
-- why    what the old release writes is in the new place at once; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_move_segue_public_visits_note_named_f0affa1f ON
--        public.visits; …
-- from   line 1: move visits.note -> reports.note on (visits.id = reports.visit_id and visits.day =
--        reports.visit_day) batch 50
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.visits') AND tgname = 'zz_segue_move_segue_public_visits_note_named_f0affa1f' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_visits_note_takes_97757926() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_found record;
BEGIN
  SELECT segue_target.note AS value INTO segue_found FROM public.reports AS segue_target
   WHERE segue_target.visit_id = NEW.id AND segue_target.visit_day = NEW.day FOR SHARE;
  IF FOUND AND segue_found.value IS NOT NULL THEN
    UPDATE public.visits AS segue_source SET note = segue_found.value
     WHERE segue_source.id = NEW.id AND segue_source.day = NEW.day AND pg_catalog.record_image_ne(ROW(segue_source.note), ROW(segue_found.value));
  ELSIF NEW.note IS NOT NULL THEN
    UPDATE public.reports AS segue_target SET note = NEW.note WHERE segue_target.visit_id = NEW.id AND segue_target.visit_day = NEW.day;
  END IF;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_visits_note_takes_97757926() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_visits_note_on_f7473b53() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  SELECT segue_source.note INTO NEW.note FROM public.visits AS segue_source WHERE segue_source.id = NEW.id AND segue_source.day = NEW.day;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  UPDATE public.reports AS segue_target SET note = NEW.note
   WHERE segue_target.visit_id = NEW.id AND segue_target.visit_day = NEW.day AND pg_catalog.record_image_ne(ROW(segue_target.note), ROW(NEW.note));
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_visits_note_on_f7473b53() FROM PUBLIC;
CALL segue.clear_trigger('public.visits', 'zz_segue_move_segue_public_visits_note_takes_97757926');
CREATE TRIGGER zz_segue_move_segue_public_visits_note_takes_97757926 AFTER INSERT ON public.visits
  FOR EACH ROW
  EXECUTE FUNCTION segue.segue_public_visits_note_takes_97757926();
ALTER TABLE public.visits ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_takes_97757926;
ALTER TABLE public.visits_1 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_takes_97757926;
ALTER TABLE public.visits_2 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_takes_97757926;
CALL segue.clear_trigger('public.visits', 'zz_segue_move_segue_public_visits_note_updated_60d875b5');
CREATE TRIGGER zz_segue_move_segue_public_visits_note_updated_60d875b5 AFTER UPDATE ON public.visits
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(OLD.note, OLD.id, OLD.day), ROW(NEW.note, NEW.id, NEW.day)))
  EXECUTE FUNCTION segue.segue_public_visits_note_on_f7473b53();
ALTER TABLE public.visits ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_updated_60d875b5;
ALTER TABLE public.visits_1 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_updated_60d875b5;
ALTER TABLE public.visits_2 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_updated_60d875b5;
CALL segue.clear_trigger('public.visits', 'zz_segue_move_segue_public_visits_note_named_f0affa1f');
CREATE TRIGGER zz_segue_move_segue_public_visits_note_named_f0affa1f AFTER UPDATE OF note ON public.visits
  FOR EACH ROW WHEN (NOT pg_catalog.record_image_ne(ROW(OLD.note, OLD.id, OLD.day), ROW(NEW.note, NEW.id, NEW.day)))
  EXECUTE FUNCTION segue.segue_public_visits_note_on_f7473b53();
ALTER TABLE public.visits ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_named_f0affa1f;
ALTER TABLE public.visits_1 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_named_f0affa1f;
ALTER TABLE public.visits_2 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_named_f0affa1f;
COMMIT;
\endif

-- ── 2.3  Let writers of public.visits pay what is owed ──
-- why    what a writer had to leave to another one reaches both tables with the next commit, also
--        where the other one was rolled back
-- locks  SHARE ROW EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DO $segue$ BEGIN IF pg_catalog.to_regclass('segue.segue_public_visits_note_owed_28d7db09')
--        IS NULL THEN RETURN; …
-- from   line 1: move visits.note -> reports.note on (visits.id = reports.visit_id and visits.day =
--        reports.visit_day) batch 50
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.visits') AND tgname = 'zz_segue_settle_segue_public_visits_note_source_settles_2bdb23e' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CALL segue.clear_trigger('public.visits', 'zz_segue_settle_segue_public_visits_note_source_settles_2bdb23e');
CREATE TRIGGER zz_segue_settle_segue_public_visits_note_source_settles_2bdb23e AFTER INSERT OR UPDATE OR DELETE ON public.visits
  FOR EACH STATEMENT EXECUTE FUNCTION segue.segue_public_visits_note_will_settle_784fdb11();
ALTER TABLE public.visits ENABLE ALWAYS TRIGGER zz_segue_settle_segue_public_visits_note_source_settles_2bdb23e;
COMMIT;
\endif

-- ── 2.4  Pass writes of public.reports.note back to public.visits ──
-- why    what the new release writes is in the old place at once, and a row that comes later takes
--        the value that waits for it; never waits for a writer who waits for it
-- locks  SHARE ROW EXCLUSIVE on public.reports, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_settle_segue_public_visits_note_target_settles_8cf0f56 ON
--        public.reports; …
-- from   line 1: move visits.note -> reports.note on (visits.id = reports.visit_id and visits.day =
--        reports.visit_day) batch 50
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.reports') AND tgname = 'zz_segue_settle_segue_public_visits_note_target_settles_8cf0f56' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_visits_note_fetches_22b4e6d6() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_found record;
BEGIN
  SELECT segue_source.note AS value INTO segue_found FROM public.visits AS segue_source
   WHERE segue_source.id = NEW.visit_id AND segue_source.day = NEW.visit_day FOR SHARE;
  IF FOUND AND segue_found.value IS NOT NULL THEN
    UPDATE public.reports AS segue_target SET note = segue_found.value
     WHERE segue_target.visit_id = NEW.visit_id AND segue_target.visit_day = NEW.visit_day AND segue_target.note IS NULL;
  END IF;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_visits_note_fetches_22b4e6d6() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_visits_note_back_7d1a1fc9() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_since timestamptz := pg_catalog.clock_timestamp();
  segue_limit text := pg_catalog.current_setting('lock_timeout');
  segue_held xid;
  segue_waits boolean;
BEGIN
  SELECT segue_target.note INTO NEW.note FROM public.reports AS segue_target WHERE segue_target.visit_id = NEW.visit_id AND segue_target.visit_day = NEW.visit_day;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  LOOP
    PERFORM FROM public.visits AS segue_source WHERE segue_source.id = NEW.visit_id AND segue_source.day = NEW.visit_day FOR NO KEY UPDATE SKIP LOCKED;
    EXIT WHEN FOUND;
    SELECT segue_source.xmax INTO segue_held FROM public.visits AS segue_source WHERE segue_source.id = NEW.visit_id AND segue_source.day = NEW.visit_day;
    IF NOT FOUND THEN
      RETURN NULL;
    END IF;
    segue_waits := segue.segue_public_visits_note_waits_2d781204(segue_held);
    IF segue_waits OR segue_waits IS NULL
       AND (pg_catalog.current_setting('segue.unsure', true) = 'on'
         OR pg_catalog.clock_timestamp() > segue_since + interval '500 ms'
         OR segue_limit <> '0'
            AND pg_catalog.clock_timestamp() > segue_since + segue_limit::interval) THEN
      -- the holder waits for this transaction, or may, and writes the pair after it
      INSERT INTO segue.segue_public_visits_note_owed_28d7db09 VALUES (NEW.visit_id, NEW.visit_day);
      IF segue_waits IS NULL THEN
        -- what else that holder holds need not be waited for again
        PERFORM pg_catalog.set_config('segue.unsure', 'on', true);
      END IF;
      PERFORM segue.segue_public_visits_note_promises_e5134598();
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
        PERFORM FROM public.visits AS segue_source WHERE segue_source.id = NEW.visit_id AND segue_source.day = NEW.visit_day FOR NO KEY UPDATE;
        PERFORM pg_catalog.set_config('lock_timeout', segue_limit, true);
      EXCEPTION WHEN lock_not_available THEN
        NULL;
      END;
    END IF;
  END LOOP;
  UPDATE public.visits AS segue_source SET note = NEW.note WHERE segue_source.id = NEW.visit_id AND segue_source.day = NEW.visit_day AND pg_catalog.record_image_ne(ROW(segue_source.note), ROW(NEW.note));
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_visits_note_back_7d1a1fc9() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_visits_note_pays_88749fdd() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  IF EXISTS (SELECT FROM segue.segue_public_visits_note_owed_28d7db09 AS segue_owed WHERE segue_owed.key_1 = OLD.visit_id AND segue_owed.key_2 = OLD.visit_day) THEN
    PERFORM FROM public.visits AS segue_source WHERE segue_source.id = OLD.visit_id AND segue_source.day = OLD.visit_day FOR NO KEY UPDATE SKIP LOCKED;
    IF FOUND THEN
      DELETE FROM segue.segue_public_visits_note_owed_28d7db09 AS segue_owed WHERE segue_owed.key_1 = OLD.visit_id AND segue_owed.key_2 = OLD.visit_day;
      UPDATE public.visits AS segue_source SET note = OLD.note WHERE segue_source.id = OLD.visit_id AND segue_source.day = OLD.visit_day;
    END IF;
  END IF;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_visits_note_pays_88749fdd() FROM PUBLIC;
CALL segue.clear_trigger('public.reports', 'zz_segue_gone_segue_public_visits_note_deleted_there_d8a52f71');
CREATE TRIGGER zz_segue_gone_segue_public_visits_note_deleted_there_d8a52f71 AFTER DELETE ON public.reports
  FOR EACH ROW
  EXECUTE FUNCTION segue.segue_public_visits_note_pays_88749fdd();
ALTER TABLE public.reports ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_visits_note_deleted_there_d8a52f71;
ALTER TABLE public.reports_0 ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_visits_note_deleted_there_d8a52f71;
ALTER TABLE public.reports_1 ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_visits_note_deleted_there_d8a52f71;
CALL segue.clear_trigger('public.reports', 'zz_segue_gone_segue_public_visits_note_key_changed_there_79e8d2');
CREATE TRIGGER zz_segue_gone_segue_public_visits_note_key_changed_there_79e8d2 AFTER UPDATE ON public.reports
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(OLD.visit_id, OLD.visit_day), ROW(NEW.visit_id, NEW.visit_day)))
  EXECUTE FUNCTION segue.segue_public_visits_note_pays_88749fdd();
ALTER TABLE public.reports ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_visits_note_key_changed_there_79e8d2;
ALTER TABLE public.reports_0 ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_visits_note_key_changed_there_79e8d2;
ALTER TABLE public.reports_1 ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_visits_note_key_changed_there_79e8d2;
CALL segue.clear_trigger('public.reports', 'zz_segue_move_segue_public_visits_note_fetches_22b4e6d6');
CREATE TRIGGER zz_segue_move_segue_public_visits_note_fetches_22b4e6d6 AFTER INSERT ON public.reports
  FOR EACH ROW WHEN (NEW.note IS NULL)
  EXECUTE FUNCTION segue.segue_public_visits_note_fetches_22b4e6d6();
ALTER TABLE public.reports ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_fetches_22b4e6d6;
ALTER TABLE public.reports_0 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_fetches_22b4e6d6;
ALTER TABLE public.reports_1 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_fetches_22b4e6d6;
CALL segue.clear_trigger('public.reports', 'zz_segue_move_segue_public_visits_note_fetches_again_c0e17fc2');
CREATE TRIGGER zz_segue_move_segue_public_visits_note_fetches_again_c0e17fc2 AFTER UPDATE ON public.reports
  FOR EACH ROW WHEN (NEW.note IS NULL AND pg_catalog.record_image_ne(ROW(OLD.visit_id, OLD.visit_day), ROW(NEW.visit_id, NEW.visit_day)))
  EXECUTE FUNCTION segue.segue_public_visits_note_fetches_22b4e6d6();
ALTER TABLE public.reports ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_fetches_again_c0e17fc2;
ALTER TABLE public.reports_0 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_fetches_again_c0e17fc2;
ALTER TABLE public.reports_1 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_fetches_again_c0e17fc2;
CALL segue.clear_trigger('public.reports', 'zz_segue_move_segue_public_visits_note_given_b3526077');
CREATE TRIGGER zz_segue_move_segue_public_visits_note_given_b3526077 AFTER INSERT ON public.reports
  FOR EACH ROW WHEN (NEW.note IS NOT NULL)
  EXECUTE FUNCTION segue.segue_public_visits_note_back_7d1a1fc9();
ALTER TABLE public.reports ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_given_b3526077;
ALTER TABLE public.reports_0 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_given_b3526077;
ALTER TABLE public.reports_1 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_given_b3526077;
CALL segue.clear_trigger('public.reports', 'zz_segue_move_segue_public_visits_note_set_5edd0b3a');
CREATE TRIGGER zz_segue_move_segue_public_visits_note_set_5edd0b3a AFTER UPDATE ON public.reports
  FOR EACH ROW WHEN ((pg_catalog.record_image_ne(ROW(OLD.note), ROW(NEW.note)) OR NEW.note IS NOT NULL AND pg_catalog.record_image_ne(ROW(OLD.visit_id, OLD.visit_day), ROW(NEW.visit_id, NEW.visit_day)))
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_visits_note_back_7d1a1fc9();
ALTER TABLE public.reports ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_set_5edd0b3a;
ALTER TABLE public.reports_0 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_set_5edd0b3a;
ALTER TABLE public.reports_1 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_set_5edd0b3a;
CALL segue.clear_trigger('public.reports', 'zz_segue_move_segue_public_visits_note_emptied_8388f75e');
CREATE TRIGGER zz_segue_move_segue_public_visits_note_emptied_8388f75e AFTER UPDATE OF note ON public.reports
  FOR EACH ROW WHEN (OLD.note IS NULL AND NEW.note IS NULL AND NOT pg_catalog.record_image_ne(ROW(OLD.visit_id, OLD.visit_day), ROW(NEW.visit_id, NEW.visit_day))
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_visits_note_back_7d1a1fc9();
ALTER TABLE public.reports ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_emptied_8388f75e;
ALTER TABLE public.reports_0 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_emptied_8388f75e;
ALTER TABLE public.reports_1 ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_visits_note_emptied_8388f75e;
CALL segue.clear_trigger('public.reports', 'zz_segue_settle_segue_public_visits_note_target_settles_8cf0f56');
CREATE TRIGGER zz_segue_settle_segue_public_visits_note_target_settles_8cf0f56 AFTER INSERT OR UPDATE OR DELETE ON public.reports
  FOR EACH STATEMENT EXECUTE FUNCTION segue.segue_public_visits_note_will_settle_784fdb11();
ALTER TABLE public.reports ENABLE ALWAYS TRIGGER zz_segue_settle_segue_public_visits_note_target_settles_8cf0f56;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
