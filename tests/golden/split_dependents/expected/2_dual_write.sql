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

SELECT segue.enter('input', '', 2, 'f373c9ae6e4957d69372b397fb359059c031a7770e93a6040c8694a506d715d3') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.users ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_users_8b73d7d0 ON public.users; …
-- from   line 1: split users.full_name ->
-- from   line 15: rename users.locale -> language
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.users') AND tgname = 'zz_segue_sync_segue_public_users_8b73d7d0' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_users_first_name_null_function_5c4b91e5() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  PERFORM pg_catalog.set_config('segue.segue_public_users_first_name_null_c3d05385', OLD::text, true);
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.users', 'zz_segue_null_segue_public_users_first_name_null_33c9a45b');
CREATE TRIGGER zz_segue_null_segue_public_users_first_name_null_33c9a45b BEFORE UPDATE OF first_name ON public.users
  FOR EACH ROW WHEN (NEW.first_name IS NULL AND OLD.first_name IS NULL AND OLD.last_name IS NULL AND (OLD.full_name IS NOT NULL)
    AND NOT pg_catalog.record_image_ne(ROW(OLD.full_name), ROW(NEW.full_name)))
  EXECUTE FUNCTION segue.segue_public_users_first_name_null_function_5c4b91e5();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_users_first_name_null_33c9a45b;
CREATE OR REPLACE FUNCTION segue.segue_public_users_last_name_null_function_3e9bfb3f() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  PERFORM pg_catalog.set_config('segue.segue_public_users_last_name_null_378e899b', OLD::text, true);
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.users', 'zz_segue_null_segue_public_users_last_name_null_3ea21fe5');
CREATE TRIGGER zz_segue_null_segue_public_users_last_name_null_3ea21fe5 BEFORE UPDATE OF last_name ON public.users
  FOR EACH ROW WHEN (NEW.last_name IS NULL AND OLD.first_name IS NULL AND OLD.last_name IS NULL AND (OLD.full_name IS NOT NULL)
    AND NOT pg_catalog.record_image_ne(ROW(OLD.full_name), ROW(NEW.full_name)))
  EXECUTE FUNCTION segue.segue_public_users_last_name_null_function_3e9bfb3f();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_users_last_name_null_3ea21fe5;
CREATE OR REPLACE FUNCTION segue.segue_public_users_language_null_function_5916a80f() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.locale := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.users', 'zz_segue_null_segue_public_users_language_null_d1370895');
CREATE TRIGGER zz_segue_null_segue_public_users_language_null_d1370895 BEFORE UPDATE OF language ON public.users
  FOR EACH ROW WHEN (NEW.language IS NULL AND OLD.language IS NULL AND NEW.locale IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.locale), ROW(NEW.locale)))
  EXECUTE FUNCTION segue.segue_public_users_language_null_function_5916a80f();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_users_language_null_d1370895;
CREATE OR REPLACE FUNCTION segue.segue_public_users_sync_e5577a8b() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- full_name and (first_name, last_name) say the same; where both changed, the new side wins
  IF (pg_catalog.record_image_ne(ROW(NEW.first_name, NEW.last_name), ROW(CAST((split_part(NEW.full_name, ' ', 1)) AS text), coalesce(CAST((nullif(split_part(NEW.full_name, ' ', 2), '')) AS text), CAST('-' AS text))))
    AND (pg_catalog.record_image_ne(ROW(NEW.full_name), ROW(CAST((concat_ws(' ', NEW.first_name, NEW.last_name)) AS text)))
      OR (NEW.first_name IS NULL AND CAST((split_part(NEW.full_name, ' ', 1)) AS text) IS NOT NULL)
      OR (NEW.last_name IS NULL AND coalesce(CAST((nullif(split_part(NEW.full_name, ' ', 2), '')) AS text), CAST('-' AS text)) IS NOT NULL)))
    OR NEW.full_name IS NULL THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.first_name IS NULL AND NEW.last_name IS NULL THEN
        NEW.first_name := CAST((split_part(NEW.full_name, ' ', 1)) AS text);
        NEW.last_name := coalesce(CAST((nullif(split_part(NEW.full_name, ' ', 2), '')) AS text), CAST('-' AS text));
      ELSE
        NEW.last_name := coalesce(NEW.last_name, CAST('-' AS text));
        NEW.full_name := (concat_ws(' ', NEW.first_name, NEW.last_name));
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.first_name, OLD.last_name), ROW(NEW.first_name, NEW.last_name))
      OR (OLD.first_name IS NULL AND OLD.last_name IS NULL AND NOT pg_catalog.record_image_ne(ROW(OLD.full_name), ROW(NEW.full_name))
        AND (pg_catalog.current_setting('segue.segue_public_users_first_name_null_c3d05385', true) IS NOT DISTINCT FROM OLD::text
          OR pg_catalog.current_setting('segue.segue_public_users_last_name_null_378e899b', true) IS NOT DISTINCT FROM OLD::text)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.full_name), ROW(NEW.full_name)) THEN
        PERFORM segue.note_disagreement('input', 'public.users', 'first_name, last_name, full_name');
      END IF;
      -- a row that is not filled yet: what this write leaves out comes from the old side
      IF OLD.first_name IS NULL AND OLD.last_name IS NULL THEN
        IF NEW.first_name IS NULL AND pg_catalog.current_setting('segue.segue_public_users_first_name_null_c3d05385', true) IS DISTINCT FROM OLD::text THEN
          NEW.first_name := CAST((split_part(OLD.full_name, ' ', 1)) AS text);
        END IF;
        IF NEW.last_name IS NULL AND pg_catalog.current_setting('segue.segue_public_users_last_name_null_378e899b', true) IS DISTINCT FROM OLD::text THEN
          NEW.last_name := coalesce(CAST((nullif(split_part(OLD.full_name, ' ', 2), '')) AS text), CAST('-' AS text));
        END IF;
      END IF;
      NEW.last_name := coalesce(NEW.last_name, CAST('-' AS text));
      NEW.full_name := (concat_ws(' ', NEW.first_name, NEW.last_name));
    ELSIF pg_catalog.record_image_ne(ROW(OLD.full_name), ROW(NEW.full_name))
      OR (NEW.first_name IS NULL AND NEW.last_name IS NULL) THEN
      NEW.first_name := CAST((split_part(NEW.full_name, ' ', 1)) AS text);
      NEW.last_name := coalesce(CAST((nullif(split_part(NEW.full_name, ' ', 2), '')) AS text), CAST('-' AS text));
    END IF;
  END IF;
  -- locale and language say the same; where both changed, the new one wins
  IF (NEW.locale OPERATOR(pg_catalog.=) NEW.language
      OR (NEW.locale IS NULL AND NEW.language IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.language IS NOT NULL THEN
        NEW.locale := NEW.language;
      ELSE
        NEW.language := NEW.locale;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.language), ROW(NEW.language)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.locale), ROW(NEW.locale)) THEN
        PERFORM segue.note_disagreement('input', 'public.users', 'locale, language');
      END IF;
      NEW.locale := NEW.language;
    ELSE
      NEW.language := NEW.locale;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.users', 'zz_segue_sync_segue_public_users_8b73d7d0');
CREATE TRIGGER zz_segue_sync_segue_public_users_8b73d7d0 BEFORE INSERT OR UPDATE ON public.users
  FOR EACH ROW WHEN (((pg_catalog.record_image_ne(ROW(NEW.first_name, NEW.last_name), ROW(CAST((split_part(NEW.full_name, ' ', 1)) AS text), coalesce(CAST((nullif(split_part(NEW.full_name, ' ', 2), '')) AS text), CAST('-' AS text))))
    AND (pg_catalog.record_image_ne(ROW(NEW.full_name), ROW(CAST((concat_ws(' ', NEW.first_name, NEW.last_name)) AS text)))
      OR (NEW.first_name IS NULL AND CAST((split_part(NEW.full_name, ' ', 1)) AS text) IS NOT NULL)
      OR (NEW.last_name IS NULL AND coalesce(CAST((nullif(split_part(NEW.full_name, ' ', 2), '')) AS text), CAST('-' AS text)) IS NOT NULL)))
    OR NEW.full_name IS NULL)
    OR ((NEW.locale OPERATOR(pg_catalog.=) NEW.language
      OR (NEW.locale IS NULL AND NEW.language IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_users_sync_e5577a8b();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_users_8b73d7d0;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
