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
-- undo   DROP TRIGGER IF EXISTS zz_segue_move_segue_public_users_bio_key_changed_417cabef ON
--        public.users; DROP TRIGGER IF EXISTS zz_segue_move_segue_public_users_bio_deleted_a9b6eb69
--        ON public.users; DROP FUNCTION IF EXISTS segue.segue_public_users_bio_gone_b569100b();
-- from   line 1: move users.bio -> profiles.bio on (profiles.user_id = users.id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.users') AND tgname = 'zz_segue_move_segue_public_users_bio_key_changed_417cabef' AND tgenabled = 'A') AS segue_done \gset
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
CREATE TRIGGER zz_segue_move_segue_public_users_bio_deleted_a9b6eb69 AFTER DELETE ON public.users
  FOR EACH ROW
  EXECUTE FUNCTION segue.segue_public_users_bio_gone_b569100b();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_deleted_a9b6eb69;
CREATE TRIGGER zz_segue_move_segue_public_users_bio_key_changed_417cabef AFTER UPDATE ON public.users
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(OLD.id), ROW(NEW.id)))
  EXECUTE FUNCTION segue.segue_public_users_bio_gone_b569100b();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_key_changed_417cabef;
COMMIT;
\endif

-- ── 2.2  Pass writes of public.users.bio on to public.profiles ──
-- why    what the old release writes is in the new place at once; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_move_segue_public_users_bio_named_340b0929 ON
--        public.users; …
-- from   line 1: move users.bio -> profiles.bio on (profiles.user_id = users.id)
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
   WHERE segue_target.user_id = NEW.id AND segue_target.bio IS NOT NULL FOR SHARE;
  IF FOUND THEN
    UPDATE public.users AS segue_source SET bio = segue_found.value
     WHERE segue_source.id = NEW.id AND pg_catalog.record_image_ne(ROW(segue_source.bio), ROW(segue_found.value));
  ELSIF NEW.bio IS NOT NULL THEN
    UPDATE public.profiles AS segue_target SET bio = NEW.bio WHERE segue_target.user_id = NEW.id;
  END IF;
  RETURN NULL;
END
$segue$;
CREATE OR REPLACE FUNCTION segue.segue_public_users_bio_on_85de3bc5() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  UPDATE public.profiles AS segue_target SET bio = NEW.bio
   WHERE segue_target.user_id = NEW.id AND pg_catalog.record_image_ne(ROW(segue_target.bio), ROW(NEW.bio));
  RETURN NULL;
END
$segue$;
CREATE TRIGGER zz_segue_move_segue_public_users_bio_takes_f43502b4 AFTER INSERT ON public.users
  FOR EACH ROW
  EXECUTE FUNCTION segue.segue_public_users_bio_takes_f43502b4();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_takes_f43502b4;
CREATE TRIGGER zz_segue_move_segue_public_users_bio_updated_ba6e995b AFTER UPDATE ON public.users
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(OLD.bio, OLD.id), ROW(NEW.bio, NEW.id)))
  EXECUTE FUNCTION segue.segue_public_users_bio_on_85de3bc5();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_updated_ba6e995b;
CREATE TRIGGER zz_segue_move_segue_public_users_bio_named_340b0929 AFTER UPDATE OF bio ON public.users
  FOR EACH ROW WHEN (NOT pg_catalog.record_image_ne(ROW(OLD.bio, OLD.id), ROW(NEW.bio, NEW.id)))
  EXECUTE FUNCTION segue.segue_public_users_bio_on_85de3bc5();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_named_340b0929;
COMMIT;
\endif

-- ── 2.3  Pass writes of public.profiles.bio back to public.users ──
-- why    what the new release writes is in the old place at once, and a row that comes later takes
--        the value that waits for it; never waits for a writer who waits for it
-- locks  SHARE ROW EXCLUSIVE on public.profiles, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_move_segue_public_users_bio_emptied_eef2eae4 ON
--        public.profiles; …
-- from   line 1: move users.bio -> profiles.bio on (profiles.user_id = users.id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.profiles') AND tgname = 'zz_segue_move_segue_public_users_bio_emptied_eef2eae4' AND tgenabled = 'A') AS segue_done \gset
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
   WHERE segue_source.id = NEW.user_id AND segue_source.bio IS NOT NULL FOR SHARE;
  IF FOUND THEN
    UPDATE public.profiles AS segue_target SET bio = segue_found.value
     WHERE segue_target.user_id = NEW.user_id AND segue_target.bio IS NULL;
  END IF;
  RETURN NULL;
END
$segue$;
CREATE OR REPLACE FUNCTION segue.segue_public_users_bio_back_8f5dca57() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  FOR segue_look IN 1..250 LOOP
    PERFORM FROM public.users AS segue_source WHERE segue_source.id = NEW.user_id AND pg_catalog.record_image_ne(ROW(segue_source.bio), ROW(NEW.bio)) FOR NO KEY UPDATE SKIP LOCKED;
    EXIT WHEN FOUND;
    PERFORM FROM public.users AS segue_source WHERE segue_source.id = NEW.user_id AND pg_catalog.record_image_ne(ROW(segue_source.bio), ROW(NEW.bio));
    IF NOT FOUND THEN
      RETURN NULL;
    END IF;
    -- held by somebody: one who waits for this transaction writes the pair after it
    PERFORM FROM (
      WITH RECURSIVE waiting(pid) AS (
        SELECT held.pid FROM public.users AS segue_source, pg_catalog.pg_locks AS held
         WHERE segue_source.id = NEW.user_id AND held.locktype = 'transactionid' AND held.granted
           AND held.mode = 'ExclusiveLock' AND held.transactionid = segue_source.xmax
        UNION
        SELECT blocker.pid FROM waiting,
               LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(waiting.pid)) AS blocker(pid)
      ) SELECT FROM waiting WHERE waiting.pid = pg_catalog.pg_backend_pid()
    ) AS later;
    IF FOUND THEN
      RETURN NULL;
    END IF;
    PERFORM pg_catalog.pg_sleep(0.002);
  END LOOP;
  UPDATE public.users AS segue_source SET bio = NEW.bio WHERE segue_source.id = NEW.user_id AND pg_catalog.record_image_ne(ROW(segue_source.bio), ROW(NEW.bio));
  RETURN NULL;
END
$segue$;
CREATE TRIGGER zz_segue_move_segue_public_users_bio_fetches_5f264550 AFTER INSERT ON public.profiles
  FOR EACH ROW WHEN (NEW.bio IS NULL)
  EXECUTE FUNCTION segue.segue_public_users_bio_fetches_5f264550();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_fetches_5f264550;
CREATE TRIGGER zz_segue_move_segue_public_users_bio_fetches_again_8943fe5c AFTER UPDATE ON public.profiles
  FOR EACH ROW WHEN (NEW.bio IS NULL AND pg_catalog.record_image_ne(ROW(OLD.user_id), ROW(NEW.user_id)))
  EXECUTE FUNCTION segue.segue_public_users_bio_fetches_5f264550();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_fetches_again_8943fe5c;
CREATE TRIGGER zz_segue_move_segue_public_users_bio_given_0a112429 AFTER INSERT ON public.profiles
  FOR EACH ROW WHEN (NEW.bio IS NOT NULL)
  EXECUTE FUNCTION segue.segue_public_users_bio_back_8f5dca57();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_given_0a112429;
CREATE TRIGGER zz_segue_move_segue_public_users_bio_set_c7979254 AFTER UPDATE ON public.profiles
  FOR EACH ROW WHEN ((pg_catalog.record_image_ne(ROW(OLD.bio), ROW(NEW.bio)) OR NEW.bio IS NOT NULL AND pg_catalog.record_image_ne(ROW(OLD.user_id), ROW(NEW.user_id)))
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_users_bio_back_8f5dca57();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_set_c7979254;
CREATE TRIGGER zz_segue_move_segue_public_users_bio_emptied_eef2eae4 AFTER UPDATE OF bio ON public.profiles
  FOR EACH ROW WHEN (OLD.bio IS NULL AND NEW.bio IS NULL AND NOT pg_catalog.record_image_ne(ROW(OLD.user_id), ROW(NEW.user_id))
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_users_bio_back_8f5dca57();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER zz_segue_move_segue_public_users_bio_emptied_eef2eae4;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
