-- input · phase 4 of 4: contract
--
-- when   when no release runs that knows what is old
-- apply  segue apply <this directory> --phase 4 --release NAME
--        or psql -v ON_ERROR_STOP=1 -f 4_contract.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

-- No release that runs may still need what goes: segue.ack says so, segue.skip_soak why a soak
-- need not be over. See `segue gate` for what else there is to ask.
SELECT segue.require_release('input', interval '0 seconds') AS segue_released \gset

SELECT segue.enter('input', '', 4, '7f4489f0f94fb3ec462782da258992512198c799d4b190fa00c2b3c8c94bfd77') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Look for what hangs on the view public.measurements ──
-- why    the view goes next, with RESTRICT: what came to read it meanwhile is listed first
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   nothing: it only reads
-- from   line 1: rename table measurements -> readings
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
  FROM pg_catalog.pg_depend d WHERE d.deptype = 'n'
   AND (d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = pg_catalog.to_regclass('public.measurements')
     OR d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid IN (
          SELECT t.oid FROM pg_catalog.pg_type t WHERE t.typrelid = pg_catalog.to_regclass('public.measurements')
           UNION SELECT t.typarray FROM pg_catalog.pg_type t WHERE t.typrelid = pg_catalog.to_regclass('public.measurements')))
   AND NOT (d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid IN (
          SELECT r.oid FROM pg_catalog.pg_rewrite r WHERE r.ev_class = pg_catalog.to_regclass('public.measurements')))
   AND EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass('public.measurements') AND relkind = 'v')
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'these still need the view public.measurements'
      USING DETAIL = found, HINT = 'make each of them do without it; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 4.2  Drop the view public.measurements ──
-- why    the release that used the old name is gone
-- locks  ACCESS EXCLUSIVE on public.measurements, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename table measurements -> readings
SELECT pg_catalog.to_regclass('public.measurements') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
DROP VIEW IF EXISTS public.measurements RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
