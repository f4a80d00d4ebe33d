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

SELECT segue.enter('input', '', 4, 'da0d9581776043b566b1d204cc8a2ee70bd899c00c03a7ec9ad3349199ea2d1f') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- The dual-write triggers keep what a look finds: none may be altered behind it.
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_gone_segue_public_users_bio_deleted_a9b6eb69',
           'zz_segue_gone_segue_public_users_bio_deleted_there_5e5ed123',
           'zz_segue_gone_segue_public_users_bio_key_changed_417cabef',
           'zz_segue_gone_segue_public_users_bio_key_changed_there_30ca77b5',
           'zz_segue_move_segue_public_users_bio_emptied_eef2eae4',
           'zz_segue_move_segue_public_users_bio_fetches_5f264550',
           'zz_segue_move_segue_public_users_bio_fetches_again_8943fe5c',
           'zz_segue_move_segue_public_users_bio_given_0a112429',
           'zz_segue_move_segue_public_users_bio_named_340b0929',
           'zz_segue_move_segue_public_users_bio_set_c7979254',
           'zz_segue_move_segue_public_users_bio_takes_f43502b4',
           'zz_segue_move_segue_public_users_bio_updated_ba6e995b',
           'zz_segue_old_segue_public_users_old_insert_b370bce6',
           'zz_segue_old_segue_public_users_old_update_bc4505fe',
           'zz_segue_settle_segue_public_users_bio_source_settles_065194ad',
           'zz_segue_settle_segue_public_users_bio_target_settles_1e4a7281')) AS segue_triggers_4_3 \gset

-- ── 4.1  Look once more for values of public.users.bio that have nowhere to go ──
-- why    no CHECK can hold a promise over two tables, and a look at all rows under the lock that
--        drops the column would stop both releases: so the rows are read in short pieces beside the
--        traffic, and the triggers keep what was found until the column goes
-- locks  ACCESS SHARE on public.users
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 3: move users.bio -> profiles.bio on (profiles.user_id = users.id)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'bio' AND NOT attisdropped) AS segue_done \gset
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
SELECT id::text FROM public.users WHERE users.bio IS NOT NULL AND NOT EXISTS (SELECT FROM public.profiles AS segue_target WHERE segue_target.user_id = users.id)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.users hold values of bio that have no row of public.profiles to go to'
      USING DETAIL = found, HINT = 'insert their rows into public.profiles, or set bio to NULL; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.2  Look once more whether public.profiles.bio is as public.users.bio ──
-- why    no CHECK can hold a promise over two tables, and a look at all rows under the lock that
--        drops the column would stop both releases: so the rows are read in short pieces beside the
--        traffic, and the triggers keep what was found until the column goes
-- locks  ACCESS SHARE on public.profiles
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 3: move users.bio -> profiles.bio on (profiles.user_id = users.id)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'bio' AND NOT attisdropped) AS segue_done \gset
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
SELECT id::text FROM public.profiles WHERE EXISTS (SELECT FROM public.users AS segue_source WHERE segue_source.id = profiles.user_id AND pg_catalog.record_image_ne(ROW(segue_source.bio), ROW(profiles.bio))) AND NOT EXISTS (SELECT FROM segue.segue_public_users_bio_owed_8604c58b AS segue_owed WHERE segue_owed.key_1 = profiles.user_id)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.profiles do not hold in bio what their rows of public.users hold in bio'
      USING DETAIL = found, HINT = 'write the right value into bio of these rows; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.3  Contract public.profiles, public.users ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.profiles, ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 3: move users.bio -> profiles.bio on (profiles.user_id = users.id)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'bio' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
-- psql asks whether a trigger was altered since the rows were looked at; segue does it itself
LOCK TABLE public.profiles, public.users IN ACCESS EXCLUSIVE MODE;
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_gone_segue_public_users_bio_deleted_a9b6eb69',
           'zz_segue_gone_segue_public_users_bio_deleted_there_5e5ed123',
           'zz_segue_gone_segue_public_users_bio_key_changed_417cabef',
           'zz_segue_gone_segue_public_users_bio_key_changed_there_30ca77b5',
           'zz_segue_move_segue_public_users_bio_emptied_eef2eae4',
           'zz_segue_move_segue_public_users_bio_fetches_5f264550',
           'zz_segue_move_segue_public_users_bio_fetches_again_8943fe5c',
           'zz_segue_move_segue_public_users_bio_given_0a112429',
           'zz_segue_move_segue_public_users_bio_named_340b0929',
           'zz_segue_move_segue_public_users_bio_set_c7979254',
           'zz_segue_move_segue_public_users_bio_takes_f43502b4',
           'zz_segue_move_segue_public_users_bio_updated_ba6e995b',
           'zz_segue_old_segue_public_users_old_insert_b370bce6',
           'zz_segue_old_segue_public_users_old_update_bc4505fe',
           'zz_segue_settle_segue_public_users_bio_source_settles_065194ad',
           'zz_segue_settle_segue_public_users_bio_target_settles_1e4a7281')) <> :'segue_triggers_4_3' AS segue_altered \gset
\if :segue_altered
DO $segue$
BEGIN
  RAISE EXCEPTION '%', 'a dual-write trigger of public.profiles, public.users was altered since the rows were looked at'
    USING HINT = 'Nothing was taken away. Find out who altered it; run this file again, which looks at all rows again.';
END
$segue$;
\endif
LOCK TABLE public.profiles, public.users IN ACCESS EXCLUSIVE MODE;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_settle_segue_public_users_bio_target_settles_1e4a7281 ON public.profiles;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_users_bio_emptied_eef2eae4 ON public.profiles;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_users_bio_set_c7979254 ON public.profiles;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_users_bio_given_0a112429 ON public.profiles;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_users_bio_fetches_again_8943fe5c ON public.profiles;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_users_bio_fetches_5f264550 ON public.profiles;
DROP TRIGGER IF EXISTS zz_segue_gone_segue_public_users_bio_key_changed_there_30ca77b5 ON public.profiles;
DROP TRIGGER IF EXISTS zz_segue_gone_segue_public_users_bio_deleted_there_5e5ed123 ON public.profiles;
DROP FUNCTION IF EXISTS segue.segue_public_users_bio_fetches_5f264550();
DROP FUNCTION IF EXISTS segue.segue_public_users_bio_back_8f5dca57();
DROP FUNCTION IF EXISTS segue.segue_public_users_bio_pays_eb5b35b3();
DROP TRIGGER IF EXISTS zz_segue_gone_segue_public_users_bio_key_changed_417cabef ON public.users;
DROP TRIGGER IF EXISTS zz_segue_gone_segue_public_users_bio_deleted_a9b6eb69 ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_bio_gone_b569100b();
DROP FUNCTION IF EXISTS segue.segue_public_users_bio_leaves_14649670();
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_users_bio_named_340b0929 ON public.users;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_users_bio_updated_ba6e995b ON public.users;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_users_bio_takes_f43502b4 ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_bio_takes_f43502b4();
DROP FUNCTION IF EXISTS segue.segue_public_users_bio_on_85de3bc5();
DROP TRIGGER IF EXISTS zz_segue_settle_segue_public_users_bio_source_settles_065194ad ON public.users;
-- nobody is left to be noticed
DROP TRIGGER IF EXISTS zz_segue_old_segue_public_users_old_update_bc4505fe ON public.users;
DROP TRIGGER IF EXISTS zz_segue_old_segue_public_users_old_insert_b370bce6 ON public.users;
DROP TABLE IF EXISTS segue.segue_public_users_bio_owed_8604c58b;
DROP TABLE IF EXISTS segue.segue_public_users_bio_settling_62066af4;
DROP FUNCTION IF EXISTS segue.segue_public_users_bio_waits_4d5d316a(segue_holder xid);
DROP FUNCTION IF EXISTS segue.segue_public_users_bio_pays_all_5ffc4e50();
DROP FUNCTION IF EXISTS segue.segue_public_users_bio_settles_a1dee220();
DROP FUNCTION IF EXISTS segue.segue_public_users_bio_promises_abb1d6a2();
DROP FUNCTION IF EXISTS segue.segue_public_users_bio_will_settle_4f6b14ff();
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.users DROP COLUMN IF EXISTS bio RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
