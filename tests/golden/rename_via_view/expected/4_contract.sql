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

SELECT segue.enter('input', '', 4, '22fe51621336be59a9bcc93acaeabb9901cc56abfdb4240f858b144a7a245dd1') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Look for what hangs on the view public.users ──
-- why    the view goes next, with RESTRICT: what came to read it meanwhile is listed first
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   nothing: it only reads
-- from   line 1: rename users.full_name -> display_name via view
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
   AND (d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = pg_catalog.to_regclass('public.users')
     OR d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid IN (
          SELECT t.oid FROM pg_catalog.pg_type t WHERE t.typrelid = pg_catalog.to_regclass('public.users')
           UNION SELECT t.typarray FROM pg_catalog.pg_type t WHERE t.typrelid = pg_catalog.to_regclass('public.users')))
   AND NOT (d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid IN (
          SELECT r.oid FROM pg_catalog.pg_rewrite r WHERE r.ev_class = pg_catalog.to_regclass('public.users')))
   AND EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass('public.users') AND relkind = 'v')
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'these still need the view public.users'
      USING DETAIL = found, HINT = 'make each of them do without it; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 4.2  Look for what hangs on the view public.teams ──
-- why    the view goes next, with RESTRICT: what came to read it meanwhile is listed first
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   nothing: it only reads
-- from   line 3: rename teams.name -> title via view
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
   AND (d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = pg_catalog.to_regclass('public.teams')
     OR d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid IN (
          SELECT t.oid FROM pg_catalog.pg_type t WHERE t.typrelid = pg_catalog.to_regclass('public.teams')
           UNION SELECT t.typarray FROM pg_catalog.pg_type t WHERE t.typrelid = pg_catalog.to_regclass('public.teams')))
   AND NOT (d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid IN (
          SELECT r.oid FROM pg_catalog.pg_rewrite r WHERE r.ev_class = pg_catalog.to_regclass('public.teams')))
   AND EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass('public.teams') AND relkind = 'v')
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'these still need the view public.teams'
      USING DETAIL = found, HINT = 'make each of them do without it; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 4.3  Put public.users back, with its new names ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only
-- locks  ACCESS EXCLUSIVE on public.users, ACCESS EXCLUSIVE on public.segue_users_table_c78047ad,
--        for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename users.full_name -> display_name via view
SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'display_name' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'full_name' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'team_id' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'team' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
DROP VIEW IF EXISTS public.users RESTRICT;
ALTER TABLE public.segue_users_table_c78047ad RENAME TO users;
ALTER TABLE public.users RENAME COLUMN full_name TO display_name;
ALTER TABLE public.users RENAME COLUMN team TO team_id;
COMMIT;
\endif

-- ── 4.4  Put public.teams back, with its new names ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only
-- locks  ACCESS EXCLUSIVE on public.teams, ACCESS EXCLUSIVE on public.segue_teams_table_605ea9fb,
--        for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 3: rename teams.name -> title via view
SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.teams') AND attname = 'title' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.teams') AND attname = 'name' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
DROP VIEW IF EXISTS public.teams RESTRICT;
ALTER TABLE public.segue_teams_table_605ea9fb RENAME TO teams;
ALTER TABLE public.teams RENAME COLUMN name TO title;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
