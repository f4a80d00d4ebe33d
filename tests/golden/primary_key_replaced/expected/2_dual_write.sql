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

SELECT segue.enter('input', '', 2, '0ae36bc4646fb65750952eb28c878e0aad53ca173901a502a5e1f9b42397bb9a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.notes ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.notes, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_notes_c272619d ON public.notes; …
-- from   line 6: rename notes.id -> nr
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.notes') AND tgname = 'zz_segue_sync_segue_public_notes_c272619d' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_notes_nr_null_function_5c14f79a() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.id := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.notes', 'zz_segue_null_segue_public_notes_nr_null_621a1422');
CREATE TRIGGER zz_segue_null_segue_public_notes_nr_null_621a1422 BEFORE UPDATE OF nr ON public.notes
  FOR EACH ROW WHEN (NEW.nr IS NULL AND OLD.nr IS NULL AND NEW.id IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.id), ROW(NEW.id)))
  EXECUTE FUNCTION segue.segue_public_notes_nr_null_function_5c14f79a();
ALTER TABLE public.notes ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_notes_nr_null_621a1422;
CREATE OR REPLACE FUNCTION segue.segue_public_notes_sync_e1160860() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- id and nr say the same; where both changed, the new one wins
  IF (NEW.id OPERATOR(pg_catalog.=) NEW.nr
      OR (NEW.id IS NULL AND NEW.nr IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.nr IS NOT NULL THEN
        NEW.id := NEW.nr;
      ELSE
        NEW.nr := NEW.id;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.nr), ROW(NEW.nr)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.id), ROW(NEW.id)) THEN
        PERFORM segue.note_disagreement('input', 'public.notes', 'id, nr');
      END IF;
      NEW.id := NEW.nr;
    ELSE
      NEW.nr := NEW.id;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.notes', 'zz_segue_sync_segue_public_notes_c272619d');
CREATE TRIGGER zz_segue_sync_segue_public_notes_c272619d BEFORE INSERT OR UPDATE ON public.notes
  FOR EACH ROW WHEN ((NEW.id OPERATOR(pg_catalog.=) NEW.nr
      OR (NEW.id IS NULL AND NEW.nr IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_notes_sync_e1160860();
ALTER TABLE public.notes ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_notes_c272619d;
COMMIT;
\endif

-- ── 2.2  Dual-write on public.users ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_users_8b73d7d0 ON public.users; …
-- from   line 4: rename users.uuid -> key
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.users') AND tgname = 'zz_segue_sync_segue_public_users_8b73d7d0' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_users_key_null_function_424d37f6() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.uuid := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.users', 'zz_segue_null_segue_public_users_key_null_b10e5e96');
CREATE TRIGGER zz_segue_null_segue_public_users_key_null_b10e5e96 BEFORE UPDATE OF key ON public.users
  FOR EACH ROW WHEN (NEW.key IS NULL AND OLD.key IS NULL AND NEW.uuid IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.uuid), ROW(NEW.uuid)))
  EXECUTE FUNCTION segue.segue_public_users_key_null_function_424d37f6();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_users_key_null_b10e5e96;
CREATE OR REPLACE FUNCTION segue.segue_public_users_sync_e5577a8b() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- uuid and key say the same; where both changed, the new one wins
  IF (NEW.uuid OPERATOR(pg_catalog.=) NEW.key
      OR (NEW.uuid IS NULL AND NEW.key IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.key IS NOT NULL THEN
        NEW.uuid := NEW.key;
      ELSE
        NEW.key := NEW.uuid;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.key), ROW(NEW.key)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.uuid), ROW(NEW.uuid)) THEN
        PERFORM segue.note_disagreement('input', 'public.users', 'uuid, key');
      END IF;
      NEW.uuid := NEW.key;
    ELSE
      NEW.key := NEW.uuid;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.users', 'zz_segue_sync_segue_public_users_8b73d7d0');
CREATE TRIGGER zz_segue_sync_segue_public_users_8b73d7d0 BEFORE INSERT OR UPDATE ON public.users
  FOR EACH ROW WHEN ((NEW.uuid OPERATOR(pg_catalog.=) NEW.key
      OR (NEW.uuid IS NULL AND NEW.key IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_users_sync_e5577a8b();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_users_8b73d7d0;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
