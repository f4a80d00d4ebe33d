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

SELECT segue.enter('input', '', 4, '1e2c37d8dd94522a82c98e3c81348b1debb04284ccdc88bdccb97b2e000c3a73') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Look for what hangs on the view public.users ──
-- why    the view goes next, with RESTRICT: what came to read it meanwhile is listed first
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   nothing: it only reads
-- from   line 7: rename table users -> people
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

-- ── 4.2  Drop the view public.users ──
-- why    the release that used the old name is gone
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 7: rename table users -> people
SELECT pg_catalog.to_regclass('public.users') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
DROP VIEW IF EXISTS public.users RESTRICT;
COMMIT;
\endif

-- ── 4.3  Contract public.people ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 3: require people.locale
-- from   line 5: rename people.full_name -> display_name
-- from   line 8: add people.phone varchar(20) required
-- from   line 10: retype people.code -> bigint
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'full_name' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'segue_code_as_bigint_079491d1' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'locale' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'phone' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'display_name' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_locale_not_null_63e7b629')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_phone_not_null_9603a015')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_display_name_not_null_8daf30fb') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.people IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_display_name_is_full_name_6df06b42' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.people: it is not proven that display_name is full_name'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_code_as_bigint_efe647f3' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.people: it is not proven that the copy of code is code as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_people_6ab9eb43 ON public.people;
DROP FUNCTION IF EXISTS segue.segue_public_people_sync_b88411f6();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_people_display_name_null_db8214b8 ON public.people;
DROP FUNCTION IF EXISTS segue.segue_public_people_display_name_null_function_9e471bb0();
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_display_name_is_full_name_6df06b42;
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_code_as_bigint_efe647f3;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.people DROP COLUMN IF EXISTS full_name RESTRICT;
ALTER TABLE public.people DROP COLUMN IF EXISTS code RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.people RENAME COLUMN segue_code_as_bigint_079491d1 TO code;
-- proven by the validated CHECK: no scan
ALTER TABLE public.people ALTER COLUMN locale SET NOT NULL;
ALTER TABLE public.people ALTER COLUMN phone SET NOT NULL;
ALTER TABLE public.people ALTER COLUMN display_name SET NOT NULL;
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_locale_not_null_63e7b629;
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_phone_not_null_9603a015;
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_display_name_not_null_8daf30fb;
-- the default comes when the old column is gone: earlier it would win over an old INSERT's value
ALTER TABLE public.people ALTER COLUMN display_name SET DEFAULT 'nobody'::text;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.users_name;
ALTER INDEX public.segue_users_name_85409009 RENAME TO users_name;
-- undo is over: what the fill overwrote is not needed any more
DROP TABLE IF EXISTS segue.segue_public_people_journal_73bf6ce4;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
