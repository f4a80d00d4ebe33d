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

SELECT segue.enter('input', '', 2, '6eab794d92c48ab868d3fe8af372454ea0e80c56825c60a0dc77d29aedac02c0') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.people ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_people_6ab9eb43 ON public.people; …
-- from   line 4: rename people."Full Name" -> display_name
-- from   line 5: rename people.state -> status
-- from   line 6: rename people.made -> made_at
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.people') AND tgname = 'zz_segue_sync_segue_public_people_6ab9eb43' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_people_display_name_null_function_9e471bb0() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW."Full Name" := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.people', 'zz_segue_null_segue_public_people_display_name_null_db8214b8');
CREATE TRIGGER zz_segue_null_segue_public_people_display_name_null_db8214b8 BEFORE UPDATE OF display_name ON public.people
  FOR EACH ROW WHEN (NEW.display_name IS NULL AND OLD.display_name IS NULL AND NEW."Full Name" IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD."Full Name"), ROW(NEW."Full Name")))
  EXECUTE FUNCTION segue.segue_public_people_display_name_null_function_9e471bb0();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_people_display_name_null_db8214b8;
CREATE OR REPLACE FUNCTION segue.segue_public_people_status_null_function_ce693026() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.state := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.people', 'zz_segue_null_segue_public_people_status_null_464c16a6');
CREATE TRIGGER zz_segue_null_segue_public_people_status_null_464c16a6 BEFORE UPDATE OF status ON public.people
  FOR EACH ROW WHEN (NEW.status IS NULL AND OLD.status IS NULL AND NEW.state IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.state), ROW(NEW.state)))
  EXECUTE FUNCTION segue.segue_public_people_status_null_function_ce693026();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_people_status_null_464c16a6;
CREATE OR REPLACE FUNCTION segue.segue_public_people_made_at_null_function_4db7f271() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.made := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.people', 'zz_segue_null_segue_public_people_made_at_null_15e081bf');
CREATE TRIGGER zz_segue_null_segue_public_people_made_at_null_15e081bf BEFORE UPDATE OF made_at ON public.people
  FOR EACH ROW WHEN (NEW.made_at IS NULL AND OLD.made_at IS NULL AND NEW.made IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.made), ROW(NEW.made)))
  EXECUTE FUNCTION segue.segue_public_people_made_at_null_function_4db7f271();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_people_made_at_null_15e081bf;
CREATE OR REPLACE FUNCTION segue.segue_public_people_sync_b88411f6() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- "Full Name" and display_name say the same; where both changed, the new one wins
  IF (NEW."Full Name" OPERATOR(pg_catalog.=) NEW.display_name
      OR (NEW."Full Name" IS NULL AND NEW.display_name IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.display_name IS NOT NULL THEN
        NEW."Full Name" := NEW.display_name;
      ELSE
        NEW.display_name := NEW."Full Name";
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.display_name), ROW(NEW.display_name)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD."Full Name"), ROW(NEW."Full Name")) THEN
        PERFORM segue.note_disagreement('input', 'public.people', 'Full Name, display_name');
      END IF;
      NEW."Full Name" := NEW.display_name;
    ELSE
      NEW.display_name := NEW."Full Name";
    END IF;
  END IF;
  -- state and status say the same; where both changed, the new one wins
  IF (NEW.state OPERATOR(pg_catalog.=) NEW.status
      OR (NEW.state IS NULL AND NEW.status IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.status IS NOT NULL THEN
        NEW.state := NEW.status;
      ELSE
        NEW.status := NEW.state;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.status), ROW(NEW.status)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.state), ROW(NEW.state)) THEN
        PERFORM segue.note_disagreement('input', 'public.people', 'state, status');
      END IF;
      NEW.state := NEW.status;
    ELSE
      NEW.status := NEW.state;
    END IF;
  END IF;
  -- made and made_at say the same; where both changed, the new one wins
  IF (NEW.made OPERATOR(pg_catalog.=) NEW.made_at
      OR (NEW.made IS NULL AND NEW.made_at IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.made_at IS NOT NULL THEN
        NEW.made := NEW.made_at;
      ELSE
        NEW.made_at := NEW.made;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.made_at), ROW(NEW.made_at)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.made), ROW(NEW.made)) THEN
        PERFORM segue.note_disagreement('input', 'public.people', 'made, made_at');
      END IF;
      NEW.made := NEW.made_at;
    ELSE
      NEW.made_at := NEW.made;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.people', 'zz_segue_sync_segue_public_people_6ab9eb43');
CREATE TRIGGER zz_segue_sync_segue_public_people_6ab9eb43 BEFORE INSERT OR UPDATE ON public.people
  FOR EACH ROW WHEN (((NEW."Full Name" OPERATOR(pg_catalog.=) NEW.display_name
      OR (NEW."Full Name" IS NULL AND NEW.display_name IS NULL)) IS NOT TRUE)
    OR ((NEW.state OPERATOR(pg_catalog.=) NEW.status
      OR (NEW.state IS NULL AND NEW.status IS NULL)) IS NOT TRUE)
    OR ((NEW.made OPERATOR(pg_catalog.=) NEW.made_at
      OR (NEW.made IS NULL AND NEW.made_at IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_people_sync_b88411f6();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_people_6ab9eb43;
COMMIT;
\endif

-- ── 2.2  Tripwire on public.people ──
-- why    notes in the ledger who still writes "Full Name", state, made, old_code, about once a
--        minute for each application: contract asks it; never fails or holds up the statement
-- locks  SHARE ROW EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_old_segue_public_people_old_update_d92e11e7 ON
--        public.people; DROP TRIGGER IF EXISTS zz_segue_old_segue_public_people_old_insert_bc47a1cf
--        ON public.people;
-- from   line 4: rename people."Full Name" -> display_name
-- from   line 5: rename people.state -> status
-- from   line 6: rename people.made -> made_at
-- from   line 7: drop people.old_code
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.people') AND tgname = 'zz_segue_old_segue_public_people_old_update_d92e11e7')
   AND EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.people') AND tgname = 'zz_segue_old_segue_public_people_old_insert_bc47a1cf') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE TRIGGER zz_segue_old_segue_public_people_old_update_d92e11e7 BEFORE UPDATE OF "Full Name", state, made, old_code ON public.people
  FOR EACH STATEMENT EXECUTE FUNCTION segue.tripwire('input', '"Full Name", state, made, old_code', 'segue.segue_public_people_tripwire_c0beffe3');
CREATE TRIGGER zz_segue_old_segue_public_people_old_insert_bc47a1cf BEFORE INSERT ON public.people
  FOR EACH ROW WHEN (pg_catalog.current_setting('segue.segue_public_people_tripwire_c0beffe3', true) IS DISTINCT FROM 'noted'
    AND (NEW."Full Name" IS NOT NULL
      OR NEW.state IS NOT NULL AND pg_catalog.record_image_ne(ROW(NEW.state), ROW(('new'::character varying)::character varying(12)))
      OR NEW.old_code IS NOT NULL))
  EXECUTE FUNCTION segue.tripwire('input', '"Full Name", state, made, old_code', 'segue.segue_public_people_tripwire_c0beffe3');
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
