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

SELECT segue.enter('input', '', 2, '6b66a5cd961596557ac339ac7de98e3b6f001bee24915c38d243212dda8cca40') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Say how public.fees.cents becomes numeric(12,2) ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_fees_cents_map_ea5e0712(integer); DROP FUNCTION
--        IF EXISTS segue.segue_public_fees_cents_fails_65b04929(integer);
-- from   line 3: retype fees.cents -> numeric(12,2)
SELECT pg_catalog.to_regprocedure('segue.segue_public_fees_cents_map_ea5e0712(integer)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_fees_cents_fails_65b04929(integer)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_fees_cents_map_ea5e0712(integer) RETURNS numeric(12,2)
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "cents" CONSTANT integer := $1;
  segue_new numeric(12,2);
BEGIN
  segue_new := (segue_row.cents / 100.0);
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_fees_cents_map_ea5e0712(integer) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_fees_cents_fails_65b04929(integer) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "cents" CONSTANT integer := $1;
  segue_new numeric(12,2);
BEGIN
  segue_new := (segue_row.cents / 100.0);
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_fees_cents_fails_65b04929(integer) TO PUBLIC;
COMMIT;
\endif

-- ── 2.2  Dual-write on public.fees ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.fees, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_fees_b011b659 ON public.fees; DROP
--        FUNCTION IF EXISTS segue.segue_public_fees_sync_eb58d24c();
-- from   line 3: retype fees.cents -> numeric(12,2)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.fees') AND tgname = 'zz_segue_sync_segue_public_fees_b011b659' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_fees_sync_eb58d24c() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- cents and its copy of the new type say the same
  IF pg_catalog.record_image_ne(ROW(NEW.segue_cents_as_numeric_12_2__b045c9ed), ROW(segue.segue_public_fees_cents_map_ea5e0712(NEW.cents))) THEN
    NEW.segue_cents_as_numeric_12_2__b045c9ed := segue.segue_public_fees_cents_map_ea5e0712(NEW.cents);
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.fees', 'zz_segue_sync_segue_public_fees_b011b659');
CREATE TRIGGER zz_segue_sync_segue_public_fees_b011b659 BEFORE INSERT OR UPDATE ON public.fees
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(NEW.segue_cents_as_numeric_12_2__b045c9ed), ROW(segue.segue_public_fees_cents_map_ea5e0712(NEW.cents))))
  EXECUTE FUNCTION segue.segue_public_fees_sync_eb58d24c();
ALTER TABLE public.fees ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_fees_b011b659;
COMMIT;
\endif

-- ── 2.3  Dual-write on public.members ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.members, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_members_d1bb7693 ON public.members; DROP
--        FUNCTION IF EXISTS segue.segue_public_members_sync_0d273b66();
-- from   line 1: retype members.score -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.members') AND tgname = 'zz_segue_sync_segue_public_members_d1bb7693' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_members_sync_0d273b66() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- score and its copy of the new type say the same
  IF (NEW.segue_score_as_bigint_cfec3648 OPERATOR(pg_catalog.=) NEW.score::bigint
      OR (NEW.segue_score_as_bigint_cfec3648 IS NULL AND NEW.score::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_score_as_bigint_cfec3648 := NEW.score::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.members', 'zz_segue_sync_segue_public_members_d1bb7693');
CREATE TRIGGER zz_segue_sync_segue_public_members_d1bb7693 BEFORE INSERT OR UPDATE ON public.members
  FOR EACH ROW WHEN ((NEW.segue_score_as_bigint_cfec3648 OPERATOR(pg_catalog.=) NEW.score::bigint
      OR (NEW.segue_score_as_bigint_cfec3648 IS NULL AND NEW.score::bigint IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_members_sync_0d273b66();
ALTER TABLE public.members ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_members_d1bb7693;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
