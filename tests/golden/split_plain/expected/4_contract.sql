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

SELECT segue.enter('input', '', 4, 'c7a844f6b92d6545557b6a3d1136a0fdf64b80601866670634f435dd42b3dd68') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- The dual-write triggers keep what a look finds: none may be altered behind it.
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_null_segue_public_users_first_name_null_33c9a45b',
           'zz_segue_null_segue_public_users_last_name_null_3ea21fe5',
           'zz_segue_sync_segue_public_users_8b73d7d0')) AS segue_triggers_4_2 \gset

-- ── 4.1  Look once more whether full_name and (first_name, last_name) say the same in public.users ──
-- why    no CHECK proves it, and a look under the lock that drops what is old would stop the
--        application: so the rows are read here, beside the traffic; from then on the dual-write
--        triggers, which fire ALWAYS, keep what was found
-- locks  ACCESS SHARE on public.users
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: split users.full_name ->
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'full_name' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(full_name::text, 60), pg_catalog.left(first_name::text, 60), pg_catalog.left(last_name::text, 60) FROM public.users WHERE (pg_catalog.record_image_ne(ROW(first_name, last_name), ROW(segue.segue_public_users_to_first_name_a2053cf3(full_name), segue.segue_public_users_to_last_name_8ebd2a97(full_name))) OR segue.segue_public_users_fails_for_full_name_4437d78b(full_name)) AND pg_catalog.record_image_ne(ROW(full_name), ROW(segue.segue_public_users_back_to_full_name_aa63491d(first_name, last_name, full_name)))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.users break the promise that full_name and (first_name, last_name) say the same'
      USING DETAIL = found, HINT = '`=` cannot convert a value, or something writes past the dual-write triggers: see that it stops, mend these rows, then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.2  Contract public.users ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: split users.full_name ->
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'full_name' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
-- psql asks whether a trigger was altered since the rows were looked at; segue does it itself
LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE;
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_null_segue_public_users_first_name_null_33c9a45b',
           'zz_segue_null_segue_public_users_last_name_null_3ea21fe5',
           'zz_segue_sync_segue_public_users_8b73d7d0')) <> :'segue_triggers_4_2' AS segue_altered \gset
\if :segue_altered
DO $segue$
BEGIN
  RAISE EXCEPTION '%', 'a dual-write trigger of public.users was altered since the rows were looked at'
    USING HINT = 'Nothing was taken away. Find out who altered it; run this file again, which looks at all rows again.';
END
$segue$;
\endif
LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_users_8b73d7d0 ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_sync_e5577a8b();
DROP FUNCTION IF EXISTS segue.segue_public_users_fails_for_full_name_4437d78b(text);
DROP FUNCTION IF EXISTS segue.segue_public_users_to_first_name_a2053cf3(text);
DROP FUNCTION IF EXISTS segue.segue_public_users_to_last_name_8ebd2a97(text);
DROP FUNCTION IF EXISTS segue.segue_public_users_back_to_full_name_aa63491d(text, text, text);
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_users_first_name_null_33c9a45b ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_first_name_null_function_5c4b91e5();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_users_last_name_null_3ea21fe5 ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_last_name_null_function_3e9bfb3f();
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.users DROP COLUMN IF EXISTS full_name RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
