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

SELECT segue.enter('input', '', 2, 'da0d9581776043b566b1d204cc8a2ee70bd899c00c03a7ec9ad3349199ea2d1f') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Pass deletes and key changes of public.users on to public.profiles ──
-- why    before anything that is inserted: a value that has gone over must not outlive its row
-- locks  SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_gone_segue_public_users_bio_key_changed_417cabef ON
--        public.users; …
-- from   line 3: move users.bio -> profiles.bio on (profiles.user_id = users.id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.users') AND tgname = 'zz_segue_gone_segue_public_users_bio_key_changed_417cabef' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_users_bio_gone_b569100b() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  UPDATE public.profiles AS segue_target SET bio = NULL
   WHERE segue_target.user_id = OLD.id AND segue_target.bio IS NOT NULL;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_users_bio_gone_b569100b() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_users_bio_leaves_14649670() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_found record;
BEGIN
  IF NOT pg_catalog.record_image_ne(ROW(OLD.bio), ROW(NEW.bio)) THEN
    SELECT segue_target.bio AS value INTO segue_found FROM public.profiles AS segue_target WHERE segue_target.user_id = OLD.id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      SELECT segue_target.bio AS value INTO segue_found FROM public.profiles AS segue_target WHERE segue_target.user_id = NEW.id FOR NO KEY UPDATE;
    END IF;
    IF FOUND AND EXISTS (SELECT FROM segue.segue_public_users_bio_owed_8604c58b AS segue_owed WHERE segue_owed.key_1 = OLD.id) THEN
      DELETE FROM segue.segue_public_users_bio_owed_8604c58b AS segue_owed WHERE segue_owed.key_1 = OLD.id;
      UPDATE public.users AS segue_source SET bio = segue_found.value WHERE segue_source.id = NEW.id;
    END IF;
  END IF;
  UPDATE public.profiles AS segue_target SET bio = NULL
   WHERE segue_target.user_id = OLD.id AND segue_target.bio IS NOT NULL
     AND NOT EXISTS (SELECT FROM public.users AS segue_source WHERE segue_source.id = OLD.id);
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_users_bio_leaves_14649670() FROM PUBLIC;
CALL segue.clear_trigger('public.users', 'zz_segue_gone_segue_public_users_bio_deleted_a9b6eb69');
CREATE TRIGGER zz_segue_gone_segue_public_users_bio_deleted_a9b6eb69 AFTER DELETE ON public.users
  FOR EACH ROW
  EXECUTE FUNCTION segue.segue_public_users_bio_gone_b569100b();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_users_bio_deleted_a9b6eb69;
CALL segue.clear_trigger('public.users', 'zz_segue_gone_segue_public_users_bio_key_changed_417cabef');
CREATE TRIGGER zz_segue_gone_segue_public_users_bio_key_changed_417cabef AFTER UPDATE ON public.users
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(OLD.id), ROW(NEW.id)))
  EXECUTE FUNCTION segue.segue_public_users_bio_leaves_14649670();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_users_bio_key_changed_417cabef;
COMMIT;
\endif

-- ── 2.2  Pass writes of public.users.bio on to public.profiles ──
-- why    what the old release writes is in the new place at once; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_move_segue_public_users_bio_named_340b0929 ON
--        public.users; …
-- from   line 3: move users.bio -> profiles.bio on (profiles.user_id = users.id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.users') AND tgname = 'zz_segue_move_segue_public_users_bio_named_340b0929' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_users_bio_takes_f43502b4() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_found record;
BEGIN
  SELECT segue_target.bio AS value INTO segue_found FROM public.profiles AS segue_target
   WHERE segue_target.user_id = NEW.id FOR SHARE;
  IF FOUND AND segue_found.value IS NOT NULL THEN
    UPDATE public.users AS segue_source SET bio = segue_found.value
     WHERE segue_source.id = NEW.id AND pg_catalog.record_image_ne(ROW(segue_source.bio), ROW(segue_found.value));
  ELSIF NEW.bio IS NOT NULL THEN
    UPDATE public.profiles AS segue_target SET bio = NEW.bio WHERE segue_target.user_id = NEW.id;
  END IF;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_users_bio_takes_f43502b4() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_users_bio_on_85de3bc5() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  SELECT segue_source.bio INTO NEW.bio FROM public.users AS segue_source WHERE segue_source.id = NEW.id;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  UPDATE public.profiles AS segue_target SET bio = NEW.bio
   WHERE segue_target.user_id = NEW.id AND pg_catalog.record_image_ne(ROW(segue_target.bio), ROW(NEW.bio));
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_users_bio_on_85de3bc5() FROM PUBLIC;
CALL segue.clear_trigger('public.users', 'zz_segue_move_segue_public_users_bio_takes_f43502b4');
CREATE TRIGGER zz_segue_move_segue_public_users_bio_takes_f43502b4 AFTER INSERT ON public.users
  FOR EACH ROW
  EXECUTE FUNCTION segue.segue_public_users_bio_takes_f43502b4();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_takes_f43502b4;
CALL segue.clear_trigger('public.users', 'zz_segue_move_segue_public_users_bio_updated_ba6e995b');
CREATE TRIGGER zz_segue_move_segue_public_users_bio_updated_ba6e995b AFTER UPDATE ON public.users
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(OLD.bio, OLD.id), ROW(NEW.bio, NEW.id)))
  EXECUTE FUNCTION segue.segue_public_users_bio_on_85de3bc5();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_updated_ba6e995b;
CALL segue.clear_trigger('public.users', 'zz_segue_move_segue_public_users_bio_named_340b0929');
CREATE TRIGGER zz_segue_move_segue_public_users_bio_named_340b0929 AFTER UPDATE OF bio ON public.users
  FOR EACH ROW WHEN (NOT pg_catalog.record_image_ne(ROW(OLD.bio, OLD.id), ROW(NEW.bio, NEW.id)))
  EXECUTE FUNCTION segue.segue_public_users_bio_on_85de3bc5();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_named_340b0929;
COMMIT;
\endif

-- ── 2.3  Let writers of public.users pay what is owed ──
-- why    what a writer had to leave to another one reaches both tables with the next commit, also
--        where the other one was rolled back
-- locks  SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DO $segue$ BEGIN IF pg_catalog.to_regclass('segue.segue_public_users_bio_owed_8604c58b')
--        IS NULL THEN RETURN; …
-- from   line 3: move users.bio -> profiles.bio on (profiles.user_id = users.id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.users') AND tgname = 'zz_segue_settle_segue_public_users_bio_source_settles_065194ad' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CALL segue.clear_trigger('public.users', 'zz_segue_settle_segue_public_users_bio_source_settles_065194ad');
CREATE TRIGGER zz_segue_settle_segue_public_users_bio_source_settles_065194ad AFTER INSERT OR UPDATE OR DELETE ON public.users
  FOR EACH STATEMENT EXECUTE FUNCTION segue.segue_public_users_bio_will_settle_4f6b14ff();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_settle_segue_public_users_bio_source_settles_065194ad;
COMMIT;
\endif

-- ── 2.4  Pass writes of public.profiles.bio back to public.users ──
-- why    what the new release writes is in the old place at once, and a row that comes later takes
--        the value that waits for it; never waits for a writer who waits for it
-- locks  SHARE ROW EXCLUSIVE on public.profiles, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_settle_segue_public_users_bio_target_settles_1e4a7281 ON
--        public.profiles; …
-- from   line 3: move users.bio -> profiles.bio on (profiles.user_id = users.id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.profiles') AND tgname = 'zz_segue_settle_segue_public_users_bio_target_settles_1e4a7281' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_users_bio_fetches_5f264550() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_found record;
BEGIN
  SELECT segue_source.bio AS value INTO segue_found FROM public.users AS segue_source
   WHERE segue_source.id = NEW.user_id FOR SHARE;
  IF FOUND AND segue_found.value IS NOT NULL THEN
    UPDATE public.profiles AS segue_target SET bio = segue_found.value
     WHERE segue_target.user_id = NEW.user_id AND segue_target.bio IS NULL;
  END IF;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_users_bio_fetches_5f264550() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_users_bio_back_8f5dca57() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_since timestamptz := pg_catalog.clock_timestamp();
  segue_limit text := pg_catalog.current_setting('lock_timeout');
  segue_held xid;
  segue_waits boolean;
BEGIN
  SELECT segue_target.bio INTO NEW.bio FROM public.profiles AS segue_target WHERE segue_target.user_id = NEW.user_id;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  LOOP
    PERFORM FROM public.users AS segue_source WHERE segue_source.id = NEW.user_id FOR NO KEY UPDATE SKIP LOCKED;
    EXIT WHEN FOUND;
    SELECT segue_source.xmax INTO segue_held FROM public.users AS segue_source WHERE segue_source.id = NEW.user_id;
    IF NOT FOUND THEN
      RETURN NULL;
    END IF;
    segue_waits := segue.segue_public_users_bio_waits_4d5d316a(segue_held);
    IF segue_waits OR segue_waits IS NULL
       AND (pg_catalog.current_setting('segue.unsure', true) = 'on'
         OR pg_catalog.clock_timestamp() > segue_since + interval '500 ms'
         OR segue_limit <> '0'
            AND pg_catalog.clock_timestamp() > segue_since + segue_limit::interval) THEN
      -- the holder waits for this transaction, or may, and writes the pair after it
      INSERT INTO segue.segue_public_users_bio_owed_8604c58b VALUES (NEW.user_id);
      IF segue_waits IS NULL THEN
        -- what else that holder holds need not be waited for again
        PERFORM pg_catalog.set_config('segue.unsure', 'on', true);
      END IF;
      PERFORM segue.segue_public_users_bio_promises_abb1d6a2();
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
        PERFORM FROM public.users AS segue_source WHERE segue_source.id = NEW.user_id FOR NO KEY UPDATE;
        PERFORM pg_catalog.set_config('lock_timeout', segue_limit, true);
      EXCEPTION WHEN lock_not_available THEN
        NULL;
      END;
    END IF;
  END LOOP;
  UPDATE public.users AS segue_source SET bio = NEW.bio WHERE segue_source.id = NEW.user_id AND pg_catalog.record_image_ne(ROW(segue_source.bio), ROW(NEW.bio));
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_users_bio_back_8f5dca57() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_users_bio_pays_eb5b35b3() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  IF EXISTS (SELECT FROM segue.segue_public_users_bio_owed_8604c58b AS segue_owed WHERE segue_owed.key_1 = OLD.user_id) THEN
    PERFORM FROM public.users AS segue_source WHERE segue_source.id = OLD.user_id FOR NO KEY UPDATE SKIP LOCKED;
    IF FOUND THEN
      DELETE FROM segue.segue_public_users_bio_owed_8604c58b AS segue_owed WHERE segue_owed.key_1 = OLD.user_id;
      UPDATE public.users AS segue_source SET bio = OLD.bio WHERE segue_source.id = OLD.user_id;
    END IF;
  END IF;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_public_users_bio_pays_eb5b35b3() FROM PUBLIC;
CALL segue.clear_trigger('public.profiles', 'zz_segue_gone_segue_public_users_bio_deleted_there_5e5ed123');
CREATE TRIGGER zz_segue_gone_segue_public_users_bio_deleted_there_5e5ed123 AFTER DELETE ON public.profiles
  FOR EACH ROW
  EXECUTE FUNCTION segue.segue_public_users_bio_pays_eb5b35b3();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_users_bio_deleted_there_5e5ed123;
CALL segue.clear_trigger('public.profiles', 'zz_segue_gone_segue_public_users_bio_key_changed_there_30ca77b5');
CREATE TRIGGER zz_segue_gone_segue_public_users_bio_key_changed_there_30ca77b5 AFTER UPDATE ON public.profiles
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(OLD.user_id), ROW(NEW.user_id)))
  EXECUTE FUNCTION segue.segue_public_users_bio_pays_eb5b35b3();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER zz_segue_gone_segue_public_users_bio_key_changed_there_30ca77b5;
CALL segue.clear_trigger('public.profiles', 'zz_segue_move_segue_public_users_bio_fetches_5f264550');
CREATE TRIGGER zz_segue_move_segue_public_users_bio_fetches_5f264550 AFTER INSERT ON public.profiles
  FOR EACH ROW WHEN (NEW.bio IS NULL)
  EXECUTE FUNCTION segue.segue_public_users_bio_fetches_5f264550();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_fetches_5f264550;
CALL segue.clear_trigger('public.profiles', 'zz_segue_move_segue_public_users_bio_fetches_again_8943fe5c');
CREATE TRIGGER zz_segue_move_segue_public_users_bio_fetches_again_8943fe5c AFTER UPDATE ON public.profiles
  FOR EACH ROW WHEN (NEW.bio IS NULL AND pg_catalog.record_image_ne(ROW(OLD.user_id), ROW(NEW.user_id)))
  EXECUTE FUNCTION segue.segue_public_users_bio_fetches_5f264550();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_fetches_again_8943fe5c;
CALL segue.clear_trigger('public.profiles', 'zz_segue_move_segue_public_users_bio_given_0a112429');
CREATE TRIGGER zz_segue_move_segue_public_users_bio_given_0a112429 AFTER INSERT ON public.profiles
  FOR EACH ROW WHEN (NEW.bio IS NOT NULL)
  EXECUTE FUNCTION segue.segue_public_users_bio_back_8f5dca57();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_given_0a112429;
CALL segue.clear_trigger('public.profiles', 'zz_segue_move_segue_public_users_bio_set_c7979254');
CREATE TRIGGER zz_segue_move_segue_public_users_bio_set_c7979254 AFTER UPDATE ON public.profiles
  FOR EACH ROW WHEN ((pg_catalog.record_image_ne(ROW(OLD.bio), ROW(NEW.bio)) OR NEW.bio IS NOT NULL AND pg_catalog.record_image_ne(ROW(OLD.user_id), ROW(NEW.user_id)))
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_users_bio_back_8f5dca57();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_set_c7979254;
CALL segue.clear_trigger('public.profiles', 'zz_segue_move_segue_public_users_bio_emptied_eef2eae4');
CREATE TRIGGER zz_segue_move_segue_public_users_bio_emptied_eef2eae4 AFTER UPDATE OF bio ON public.profiles
  FOR EACH ROW WHEN (OLD.bio IS NULL AND NEW.bio IS NULL AND NOT pg_catalog.record_image_ne(ROW(OLD.user_id), ROW(NEW.user_id))
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_users_bio_back_8f5dca57();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_emptied_eef2eae4;
CALL segue.clear_trigger('public.profiles', 'zz_segue_settle_segue_public_users_bio_target_settles_1e4a7281');
CREATE TRIGGER zz_segue_settle_segue_public_users_bio_target_settles_1e4a7281 AFTER INSERT OR UPDATE OR DELETE ON public.profiles
  FOR EACH STATEMENT EXECUTE FUNCTION segue.segue_public_users_bio_will_settle_4f6b14ff();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER zz_segue_settle_segue_public_users_bio_target_settles_1e4a7281;
COMMIT;
\endif

-- ── 2.5  Tripwire on public.users ──
-- why    notes in the ledger who still writes bio, about once a minute for each application:
--        contract asks it; never fails or holds up the statement
-- locks  SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_old_segue_public_users_old_update_bc4505fe ON
--        public.users; DROP TRIGGER IF EXISTS zz_segue_old_segue_public_users_old_insert_b370bce6
--        ON public.users;
-- from   line 3: move users.bio -> profiles.bio on (profiles.user_id = users.id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.users') AND tgname = 'zz_segue_old_segue_public_users_old_update_bc4505fe')
   AND EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.users') AND tgname = 'zz_segue_old_segue_public_users_old_insert_b370bce6') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE TRIGGER zz_segue_old_segue_public_users_old_update_bc4505fe BEFORE UPDATE OF bio ON public.users
  FOR EACH STATEMENT WHEN (pg_catalog.pg_trigger_depth() = 0)
  EXECUTE FUNCTION segue.tripwire('input', 'bio', 'segue.segue_public_users_tripwire_cd27282e');
CREATE TRIGGER zz_segue_old_segue_public_users_old_insert_b370bce6 BEFORE INSERT ON public.users
  FOR EACH ROW WHEN (pg_catalog.current_setting('segue.segue_public_users_tripwire_cd27282e', true) IS DISTINCT FROM 'noted'
    AND (NEW.bio IS NOT NULL))
  EXECUTE FUNCTION segue.tripwire('input', 'bio', 'segue.segue_public_users_tripwire_cd27282e');
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
