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

SELECT segue.enter('input', '', 2, '2898e005192aae07552dc4c08ef7a52fda2ccce364de86fc3368bb46413ad247') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Say how public."Odd Docs"."Body ""x""" becomes jsonb ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_odd_docs_body_x_map_c3b75278(json); DROP
--        FUNCTION IF EXISTS segue.segue_public_odd_docs_body_x_fails_85611757(json);
-- from   line 1: retype "Odd Docs"."Body ""x""" -> jsonb
SELECT pg_catalog.to_regprocedure('segue.segue_public_odd_docs_body_x_map_c3b75278(json)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_odd_docs_body_x_fails_85611757(json)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_odd_docs_body_x_map_c3b75278(json) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres'
  SET extra_float_digits = 1 SET bytea_output = 'hex' SET lc_monetary FROM CURRENT AS $segue$
<<segue_row>>
DECLARE
  "Body ""x""" CONSTANT json := $1;
  segue_new jsonb;
BEGIN
  segue_new := segue_row."Body ""x""";
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_odd_docs_body_x_map_c3b75278(json) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_odd_docs_body_x_fails_85611757(json) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres'
  SET extra_float_digits = 1 SET bytea_output = 'hex' SET lc_monetary FROM CURRENT AS $segue$
<<segue_row>>
DECLARE
  "Body ""x""" CONSTANT json := $1;
  segue_new jsonb;
BEGIN
  segue_new := segue_row."Body ""x""";
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_odd_docs_body_x_fails_85611757(json) TO PUBLIC;
COMMIT;
\endif

-- ── 2.2  Say how public."Odd Docs".tags becomes jsonb ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_odd_docs_tags_map_ae1e39e1(json); DROP FUNCTION
--        IF EXISTS segue.segue_public_odd_docs_tags_fails_51c2f26a(json);
-- from   line 2: retype "Odd Docs".tags -> jsonb using (tags::jsonb)
SELECT pg_catalog.to_regprocedure('segue.segue_public_odd_docs_tags_map_ae1e39e1(json)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_odd_docs_tags_fails_51c2f26a(json)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_odd_docs_tags_map_ae1e39e1(json) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres'
  SET extra_float_digits = 1 SET bytea_output = 'hex' SET lc_monetary FROM CURRENT AS $segue$
<<segue_row>>
DECLARE
  "tags" CONSTANT json := $1;
  segue_new jsonb;
BEGIN
  segue_new := (segue_row.tags::jsonb);
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_odd_docs_tags_map_ae1e39e1(json) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_odd_docs_tags_fails_51c2f26a(json) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres'
  SET extra_float_digits = 1 SET bytea_output = 'hex' SET lc_monetary FROM CURRENT AS $segue$
<<segue_row>>
DECLARE
  "tags" CONSTANT json := $1;
  segue_new jsonb;
BEGIN
  segue_new := (segue_row.tags::jsonb);
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_odd_docs_tags_fails_51c2f26a(json) TO PUBLIC;
COMMIT;
\endif

-- ── 2.3  Dual-write on public."Odd Docs" ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public."Odd Docs", for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_odd_docs__bd4ffc44 ON public."Odd Docs";
--        DROP FUNCTION IF EXISTS segue.segue_public_odd_docs_sync_00ea9d4f();
-- from   line 1: retype "Odd Docs"."Body ""x""" -> jsonb
-- from   line 2: retype "Odd Docs".tags -> jsonb using (tags::jsonb)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public."Odd Docs"') AND tgname = 'zz_segue_sync_segue_public_odd_docs__bd4ffc44' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_odd_docs_sync_00ea9d4f() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- "Body ""x""" and its copy of the new type say the same
  IF pg_catalog.record_image_ne(ROW(NEW.segue_body_x_as_jsonb_6e73efa9), ROW(segue.segue_public_odd_docs_body_x_map_c3b75278(NEW."Body ""x"""))) THEN
    NEW.segue_body_x_as_jsonb_6e73efa9 := segue.segue_public_odd_docs_body_x_map_c3b75278(NEW."Body ""x""");
  END IF;
  -- tags and its copy of the new type say the same
  IF pg_catalog.record_image_ne(ROW(NEW.segue_tags_as_jsonb_dbb62af2), ROW(segue.segue_public_odd_docs_tags_map_ae1e39e1(NEW.tags))) THEN
    NEW.segue_tags_as_jsonb_dbb62af2 := segue.segue_public_odd_docs_tags_map_ae1e39e1(NEW.tags);
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public."Odd Docs"', 'zz_segue_sync_segue_public_odd_docs__bd4ffc44');
CREATE TRIGGER zz_segue_sync_segue_public_odd_docs__bd4ffc44 BEFORE INSERT OR UPDATE ON public."Odd Docs"
  FOR EACH ROW WHEN ((pg_catalog.record_image_ne(ROW(NEW.segue_body_x_as_jsonb_6e73efa9), ROW(segue.segue_public_odd_docs_body_x_map_c3b75278(NEW."Body ""x"""))))
    OR (pg_catalog.record_image_ne(ROW(NEW.segue_tags_as_jsonb_dbb62af2), ROW(segue.segue_public_odd_docs_tags_map_ae1e39e1(NEW.tags)))))
  EXECUTE FUNCTION segue.segue_public_odd_docs_sync_00ea9d4f();
ALTER TABLE public."Odd Docs" ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_odd_docs__bd4ffc44;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
