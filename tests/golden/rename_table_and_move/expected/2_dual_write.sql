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

SELECT segue.enter('input', '', 2, '7c4b8b12c2d0f5ab30ca2c2ce57b7254f8ab8b9ec4e7e8053ed6cb3d28ffdcbe') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Pass deletes and key changes of public.people on to public.id_cards ──
-- why    before anything that is inserted: a value that has gone over must not outlive its row
-- locks  SHARE ROW EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_gone_segue_public_people_bio_key_changed_fe06c2b0 ON
--        public.people; …
-- from   line 1: move people.bio -> id_cards.bio on (id_cards.user_id = people.id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.people') AND tgname = 'zz_segue_gone_segue_public_people_bio_key_changed_fe06c2b0' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_people_bio_gone_6174e52e() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  UPDATE public.id_cards AS segue_target SET bio = NULL
   WHERE segue_target.user_id = OLD.id AND segue_target.bio IS NOT NULL;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_people_bio_gone_6174e52e() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_people_bio_leaves_e3935849() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_found record;
BEGIN
  IF NOT pg_catalog.record_image_ne(ROW(OLD.bio), ROW(NEW.bio)) THEN
    SELECT segue_target.bio AS value INTO segue_found FROM public.id_cards AS segue_target WHERE segue_target.user_id = OLD.id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      SELECT segue_target.bio AS value INTO segue_found FROM public.id_cards AS segue_target WHERE segue_target.user_id = NEW.id FOR NO KEY UPDATE;
    END IF;
    IF FOUND AND EXISTS (SELECT FROM segue.segue_public_people_bio_owed_dc4ba10a AS segue_owed WHERE segue_owed.key_1 = OLD.id) THEN
      DELETE FROM segue.segue_public_people_bio_owed_dc4ba10a AS segue_owed WHERE segue_owed.key_1 = OLD.id;
      UPDATE public.people AS segue_source SET bio = segue_found.value WHERE segue_source.id = NEW.id;
    END IF;
  END IF;
  UPDATE public.id_cards AS segue_target SET bio = NULL
   WHERE segue_target.user_id = OLD.id AND segue_target.bio IS NOT NULL
     AND NOT EXISTS (SELECT FROM public.people AS segue_source WHERE segue_source.id = OLD.id);
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_people_bio_leaves_e3935849() FROM PUBLIC;
CALL segue.clear_trigger('public.people', 'zz_segue_gone_segue_public_people_bio_deleted_2e0ff7ea');
CREATE TRIGGER zz_segue_gone_segue_public_people_bio_deleted_2e0ff7ea AFTER DELETE ON public.people
  FOR EACH ROW
  EXECUTE FUNCTION segue.segue_public_people_bio_gone_6174e52e();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_people_bio_deleted_2e0ff7ea;
CALL segue.clear_trigger('public.people', 'zz_segue_gone_segue_public_people_bio_key_changed_fe06c2b0');
CREATE TRIGGER zz_segue_gone_segue_public_people_bio_key_changed_fe06c2b0 AFTER UPDATE ON public.people
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(OLD.id), ROW(NEW.id)))
  EXECUTE FUNCTION segue.segue_public_people_bio_leaves_e3935849();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_people_bio_key_changed_fe06c2b0;
COMMIT;
\endif

-- ── 2.2  Pass writes of public.people.bio on to public.id_cards ──
-- why    what the old release writes is in the new place at once; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_move_segue_public_people_bio_named_56976b26 ON
--        public.people; …
-- from   line 1: move people.bio -> id_cards.bio on (id_cards.user_id = people.id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.people') AND tgname = 'zz_segue_move_segue_public_people_bio_named_56976b26' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_people_bio_takes_b6de01bf() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_found record;
BEGIN
  SELECT segue_target.bio AS value INTO segue_found FROM public.id_cards AS segue_target
   WHERE segue_target.user_id = NEW.id FOR SHARE;
  IF FOUND AND segue_found.value IS NOT NULL THEN
    UPDATE public.people AS segue_source SET bio = segue_found.value
     WHERE segue_source.id = NEW.id AND pg_catalog.record_image_ne(ROW(segue_source.bio), ROW(segue_found.value));
  ELSIF NEW.bio IS NOT NULL THEN
    UPDATE public.id_cards AS segue_target SET bio = NEW.bio WHERE segue_target.user_id = NEW.id;
  END IF;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_people_bio_takes_b6de01bf() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_people_bio_on_af044650() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  SELECT segue_source.bio INTO NEW.bio FROM public.people AS segue_source WHERE segue_source.id = NEW.id;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  UPDATE public.id_cards AS segue_target SET bio = NEW.bio
   WHERE segue_target.user_id = NEW.id AND pg_catalog.record_image_ne(ROW(segue_target.bio), ROW(NEW.bio));
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_people_bio_on_af044650() FROM PUBLIC;
CALL segue.clear_trigger('public.people', 'zz_segue_move_segue_public_people_bio_takes_b6de01bf');
CREATE TRIGGER zz_segue_move_segue_public_people_bio_takes_b6de01bf AFTER INSERT ON public.people
  FOR EACH ROW
  EXECUTE FUNCTION segue.segue_public_people_bio_takes_b6de01bf();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_people_bio_takes_b6de01bf;
CALL segue.clear_trigger('public.people', 'zz_segue_move_segue_public_people_bio_updated_c9c4b8b0');
CREATE TRIGGER zz_segue_move_segue_public_people_bio_updated_c9c4b8b0 AFTER UPDATE ON public.people
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(OLD.bio, OLD.id), ROW(NEW.bio, NEW.id)))
  EXECUTE FUNCTION segue.segue_public_people_bio_on_af044650();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_people_bio_updated_c9c4b8b0;
CALL segue.clear_trigger('public.people', 'zz_segue_move_segue_public_people_bio_named_56976b26');
CREATE TRIGGER zz_segue_move_segue_public_people_bio_named_56976b26 AFTER UPDATE OF bio ON public.people
  FOR EACH ROW WHEN (NOT pg_catalog.record_image_ne(ROW(OLD.bio, OLD.id), ROW(NEW.bio, NEW.id)))
  EXECUTE FUNCTION segue.segue_public_people_bio_on_af044650();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_people_bio_named_56976b26;
COMMIT;
\endif

-- ── 2.3  Let writers of public.people pay what is owed ──
-- why    what a writer had to leave to another one reaches both tables with the next commit, also
--        where the other one was rolled back
-- locks  SHARE ROW EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DO $segue$ BEGIN IF pg_catalog.to_regclass('segue.segue_public_people_bio_owed_dc4ba10a')
--        IS NULL THEN RETURN; …
-- from   line 1: move people.bio -> id_cards.bio on (id_cards.user_id = people.id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.people') AND tgname = 'zz_segue_settle_segue_public_people_bio_source_settles_485b842c' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CALL segue.clear_trigger('public.people', 'zz_segue_settle_segue_public_people_bio_source_settles_485b842c');
CREATE TRIGGER zz_segue_settle_segue_public_people_bio_source_settles_485b842c AFTER INSERT OR UPDATE OR DELETE ON public.people
  FOR EACH STATEMENT EXECUTE FUNCTION segue.segue_public_people_bio_will_settle_bf4ad430();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_settle_segue_public_people_bio_source_settles_485b842c;
COMMIT;
\endif

-- ── 2.4  Pass writes of public.id_cards.bio back to public.people ──
-- why    what the new release writes is in the old place at once, and a row that comes later takes
--        the value that waits for it; never waits for a writer who waits for it
-- locks  SHARE ROW EXCLUSIVE on public.id_cards, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_settle_segue_public_people_bio_target_settles_7d067c1c ON
--        public.id_cards; …
-- from   line 1: move people.bio -> id_cards.bio on (id_cards.user_id = people.id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.id_cards') AND tgname = 'zz_segue_settle_segue_public_people_bio_target_settles_7d067c1c' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_people_bio_fetches_2b8c5b93() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_found record;
BEGIN
  SELECT segue_source.bio AS value INTO segue_found FROM public.people AS segue_source
   WHERE segue_source.id = NEW.user_id FOR SHARE;
  IF FOUND AND segue_found.value IS NOT NULL THEN
    UPDATE public.id_cards AS segue_target SET bio = segue_found.value
     WHERE segue_target.user_id = NEW.user_id AND segue_target.bio IS NULL;
  END IF;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_people_bio_fetches_2b8c5b93() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_people_bio_back_9dc65c22() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_since timestamptz := pg_catalog.clock_timestamp();
  segue_limit text := pg_catalog.current_setting('lock_timeout');
  segue_held xid;
  segue_waits boolean;
BEGIN
  SELECT segue_target.bio INTO NEW.bio FROM public.id_cards AS segue_target WHERE segue_target.user_id = NEW.user_id;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  LOOP
    PERFORM FROM public.people AS segue_source WHERE segue_source.id = NEW.user_id FOR NO KEY UPDATE SKIP LOCKED;
    EXIT WHEN FOUND;
    SELECT segue_source.xmax INTO segue_held FROM public.people AS segue_source WHERE segue_source.id = NEW.user_id;
    IF NOT FOUND THEN
      RETURN NULL;
    END IF;
    segue_waits := segue.segue_public_people_bio_waits_499507a9(segue_held);
    IF segue_waits OR segue_waits IS NULL
       AND (pg_catalog.current_setting('segue.unsure', true) = 'on'
         OR pg_catalog.clock_timestamp() > segue_since + interval '500 ms'
         OR segue_limit <> '0'
            AND pg_catalog.clock_timestamp() > segue_since + segue_limit::interval) THEN
      -- the holder waits for this transaction, or may, and writes the pair after it
      INSERT INTO segue.segue_public_people_bio_owed_dc4ba10a VALUES (NEW.user_id);
      IF segue_waits IS NULL THEN
        -- what else that holder holds need not be waited for again
        PERFORM pg_catalog.set_config('segue.unsure', 'on', true);
      END IF;
      PERFORM segue.segue_public_people_bio_promises_ca3f7aa3();
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
        PERFORM FROM public.people AS segue_source WHERE segue_source.id = NEW.user_id FOR NO KEY UPDATE;
        PERFORM pg_catalog.set_config('lock_timeout', segue_limit, true);
      EXCEPTION WHEN lock_not_available THEN
        NULL;
      END;
    END IF;
  END LOOP;
  UPDATE public.people AS segue_source SET bio = NEW.bio WHERE segue_source.id = NEW.user_id AND pg_catalog.record_image_ne(ROW(segue_source.bio), ROW(NEW.bio));
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_people_bio_back_9dc65c22() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_people_bio_pays_bd7f360e() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  IF EXISTS (SELECT FROM segue.segue_public_people_bio_owed_dc4ba10a AS segue_owed WHERE segue_owed.key_1 = OLD.user_id) THEN
    PERFORM FROM public.people AS segue_source WHERE segue_source.id = OLD.user_id FOR NO KEY UPDATE SKIP LOCKED;
    IF FOUND THEN
      DELETE FROM segue.segue_public_people_bio_owed_dc4ba10a AS segue_owed WHERE segue_owed.key_1 = OLD.user_id;
      UPDATE public.people AS segue_source SET bio = OLD.bio WHERE segue_source.id = OLD.user_id;
    END IF;
  END IF;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_people_bio_pays_bd7f360e() FROM PUBLIC;
CALL segue.clear_trigger('public.id_cards', 'zz_segue_gone_segue_public_people_bio_deleted_there_401fdb90');
CREATE TRIGGER zz_segue_gone_segue_public_people_bio_deleted_there_401fdb90 AFTER DELETE ON public.id_cards
  FOR EACH ROW
  EXECUTE FUNCTION segue.segue_public_people_bio_pays_bd7f360e();
ALTER TABLE public.id_cards ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_people_bio_deleted_there_401fdb90;
CALL segue.clear_trigger('public.id_cards', 'zz_segue_gone_segue_public_people_bio_key_changed_there_ec9ebbd');
CREATE TRIGGER zz_segue_gone_segue_public_people_bio_key_changed_there_ec9ebbd AFTER UPDATE ON public.id_cards
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(OLD.user_id), ROW(NEW.user_id)))
  EXECUTE FUNCTION segue.segue_public_people_bio_pays_bd7f360e();
ALTER TABLE public.id_cards ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_people_bio_key_changed_there_ec9ebbd;
CALL segue.clear_trigger('public.id_cards', 'zz_segue_move_segue_public_people_bio_fetches_2b8c5b93');
CREATE TRIGGER zz_segue_move_segue_public_people_bio_fetches_2b8c5b93 AFTER INSERT ON public.id_cards
  FOR EACH ROW WHEN (NEW.bio IS NULL)
  EXECUTE FUNCTION segue.segue_public_people_bio_fetches_2b8c5b93();
ALTER TABLE public.id_cards ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_people_bio_fetches_2b8c5b93;
CALL segue.clear_trigger('public.id_cards', 'zz_segue_move_segue_public_people_bio_fetches_again_cf856dbb');
CREATE TRIGGER zz_segue_move_segue_public_people_bio_fetches_again_cf856dbb AFTER UPDATE ON public.id_cards
  FOR EACH ROW WHEN (NEW.bio IS NULL AND pg_catalog.record_image_ne(ROW(OLD.user_id), ROW(NEW.user_id)))
  EXECUTE FUNCTION segue.segue_public_people_bio_fetches_2b8c5b93();
ALTER TABLE public.id_cards ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_people_bio_fetches_again_cf856dbb;
CALL segue.clear_trigger('public.id_cards', 'zz_segue_move_segue_public_people_bio_given_479da1f6');
CREATE TRIGGER zz_segue_move_segue_public_people_bio_given_479da1f6 AFTER INSERT ON public.id_cards
  FOR EACH ROW WHEN (NEW.bio IS NOT NULL)
  EXECUTE FUNCTION segue.segue_public_people_bio_back_9dc65c22();
ALTER TABLE public.id_cards ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_people_bio_given_479da1f6;
CALL segue.clear_trigger('public.id_cards', 'zz_segue_move_segue_public_people_bio_set_c4ba7283');
CREATE TRIGGER zz_segue_move_segue_public_people_bio_set_c4ba7283 AFTER UPDATE ON public.id_cards
  FOR EACH ROW WHEN ((pg_catalog.record_image_ne(ROW(OLD.bio), ROW(NEW.bio)) OR NEW.bio IS NOT NULL AND pg_catalog.record_image_ne(ROW(OLD.user_id), ROW(NEW.user_id)))
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_people_bio_back_9dc65c22();
ALTER TABLE public.id_cards ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_people_bio_set_c4ba7283;
CALL segue.clear_trigger('public.id_cards', 'zz_segue_move_segue_public_people_bio_emptied_ccc1dc3f');
CREATE TRIGGER zz_segue_move_segue_public_people_bio_emptied_ccc1dc3f AFTER UPDATE OF bio ON public.id_cards
  FOR EACH ROW WHEN (OLD.bio IS NULL AND NEW.bio IS NULL AND NOT pg_catalog.record_image_ne(ROW(OLD.user_id), ROW(NEW.user_id))
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_people_bio_back_9dc65c22();
ALTER TABLE public.id_cards ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_people_bio_emptied_ccc1dc3f;
CALL segue.clear_trigger('public.id_cards', 'zz_segue_settle_segue_public_people_bio_target_settles_7d067c1c');
CREATE TRIGGER zz_segue_settle_segue_public_people_bio_target_settles_7d067c1c AFTER INSERT OR UPDATE OR DELETE ON public.id_cards
  FOR EACH STATEMENT EXECUTE FUNCTION segue.segue_public_people_bio_will_settle_bf4ad430();
ALTER TABLE public.id_cards ENABLE ALWAYS TRIGGER zz_segue_settle_segue_public_people_bio_target_settles_7d067c1c;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
