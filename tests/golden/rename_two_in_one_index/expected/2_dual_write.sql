-- names · phase 2 of 4: dual-write
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

SELECT segue.enter('names', '', 2, 'ba8274123cb2d507337afd826cdb9ce7462c067a2aab4e7751d29be9510bb5c4') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.contacts ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.contacts, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_contacts_a4ca49c9 ON public.contacts;
--        …
-- from   line 2: rename contacts.fname -> first_name
-- from   line 3: rename contacts.lname -> last_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.contacts') AND tgname = 'zz_segue_sync_segue_public_contacts_a4ca49c9' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_contacts_first_name_null_function_8c45ba26() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.fname := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.contacts', 'zz_segue_null_segue_public_contacts_first_name_null_878fe4a6');
CREATE TRIGGER zz_segue_null_segue_public_contacts_first_name_null_878fe4a6 BEFORE UPDATE OF first_name ON public.contacts
  FOR EACH ROW WHEN (NEW.first_name IS NULL AND OLD.first_name IS NULL AND NEW.fname IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.fname), ROW(NEW.fname)))
  EXECUTE FUNCTION segue.segue_public_contacts_first_name_null_function_8c45ba26();
ALTER TABLE public.contacts ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_contacts_first_name_null_878fe4a6;
CREATE OR REPLACE FUNCTION segue.segue_public_contacts_last_name_null_function_7867704e() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.lname := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.contacts', 'zz_segue_null_segue_public_contacts_last_name_null_c79e785e');
CREATE TRIGGER zz_segue_null_segue_public_contacts_last_name_null_c79e785e BEFORE UPDATE OF last_name ON public.contacts
  FOR EACH ROW WHEN (NEW.last_name IS NULL AND OLD.last_name IS NULL AND NEW.lname IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.lname), ROW(NEW.lname)))
  EXECUTE FUNCTION segue.segue_public_contacts_last_name_null_function_7867704e();
ALTER TABLE public.contacts ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_contacts_last_name_null_c79e785e;
CREATE OR REPLACE FUNCTION segue.segue_public_contacts_sync_c746361c() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- fname and first_name say the same; where both changed, the new one wins
  IF (NEW.fname OPERATOR(pg_catalog.=) NEW.first_name
      OR (NEW.fname IS NULL AND NEW.first_name IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.first_name IS NOT NULL THEN
        NEW.fname := NEW.first_name;
      ELSE
        NEW.first_name := NEW.fname;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.first_name), ROW(NEW.first_name)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.fname), ROW(NEW.fname)) THEN
        PERFORM segue.note_disagreement('names', 'public.contacts', 'fname, first_name');
      END IF;
      NEW.fname := NEW.first_name;
    ELSE
      NEW.first_name := NEW.fname;
    END IF;
  END IF;
  -- lname and last_name say the same; where both changed, the new one wins
  IF (NEW.lname OPERATOR(pg_catalog.=) NEW.last_name
      OR (NEW.lname IS NULL AND NEW.last_name IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.last_name IS NOT NULL THEN
        NEW.lname := NEW.last_name;
      ELSE
        NEW.last_name := NEW.lname;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.last_name), ROW(NEW.last_name)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.lname), ROW(NEW.lname)) THEN
        PERFORM segue.note_disagreement('names', 'public.contacts', 'lname, last_name');
      END IF;
      NEW.lname := NEW.last_name;
    ELSE
      NEW.last_name := NEW.lname;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.contacts', 'zz_segue_sync_segue_public_contacts_a4ca49c9');
CREATE TRIGGER zz_segue_sync_segue_public_contacts_a4ca49c9 BEFORE INSERT OR UPDATE ON public.contacts
  FOR EACH ROW WHEN (((NEW.fname OPERATOR(pg_catalog.=) NEW.first_name
      OR (NEW.fname IS NULL AND NEW.first_name IS NULL)) IS NOT TRUE)
    OR ((NEW.lname OPERATOR(pg_catalog.=) NEW.last_name
      OR (NEW.lname IS NULL AND NEW.last_name IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_contacts_sync_c746361c();
ALTER TABLE public.contacts ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_contacts_a4ca49c9;
COMMIT;
\endif

SELECT segue.leave('names', 2) AS "phase complete";
