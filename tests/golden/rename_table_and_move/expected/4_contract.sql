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

SELECT segue.enter('input', '', 4, '7c4b8b12c2d0f5ab30ca2c2ce57b7254f8ab8b9ec4e7e8053ed6cb3d28ffdcbe') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- The dual-write triggers keep what a look finds: none may be altered behind it.
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_gone_segue_public_people_bio_deleted_2e0ff7ea',
           'zz_segue_gone_segue_public_people_bio_deleted_there_401fdb90',
           'zz_segue_gone_segue_public_people_bio_key_changed_fe06c2b0',
           'zz_segue_gone_segue_public_people_bio_key_changed_there_ec9ebbd',
           'zz_segue_move_segue_public_people_bio_emptied_ccc1dc3f',
           'zz_segue_move_segue_public_people_bio_fetches_2b8c5b93',
           'zz_segue_move_segue_public_people_bio_fetches_again_cf856dbb',
           'zz_segue_move_segue_public_people_bio_given_479da1f6',
           'zz_segue_move_segue_public_people_bio_named_56976b26',
           'zz_segue_move_segue_public_people_bio_set_c4ba7283',
           'zz_segue_move_segue_public_people_bio_takes_b6de01bf',
           'zz_segue_move_segue_public_people_bio_updated_c9c4b8b0',
           'zz_segue_settle_segue_public_people_bio_source_settles_485b842c',
           'zz_segue_settle_segue_public_people_bio_target_settles_7d067c1c')) AS segue_triggers_4_7 \gset

-- ── 4.1  Look once more for values of public.people.bio that have nowhere to go ──
-- why    no CHECK can hold a promise over two tables, and a look at all rows under the lock that
--        drops the column would stop both releases: so the rows are read in short pieces beside the
--        traffic, and the triggers keep what was found until the column goes
-- locks  ACCESS SHARE on public.people
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: move people.bio -> id_cards.bio on (id_cards.user_id = people.id)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'bio' AND NOT attisdropped) AS segue_done \gset
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
SELECT id::text FROM public.people WHERE people.bio IS NOT NULL AND NOT EXISTS (SELECT FROM public.id_cards AS segue_target WHERE segue_target.user_id = people.id)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.people hold values of bio that have no row of public.id_cards to go to'
      USING DETAIL = found, HINT = 'insert their rows into public.id_cards, or set bio to NULL; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.2  Look once more whether public.id_cards.bio is as public.people.bio ──
-- why    no CHECK can hold a promise over two tables, and a look at all rows under the lock that
--        drops the column would stop both releases: so the rows are read in short pieces beside the
--        traffic, and the triggers keep what was found until the column goes
-- locks  ACCESS SHARE on public.id_cards
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: move people.bio -> id_cards.bio on (id_cards.user_id = people.id)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'bio' AND NOT attisdropped) AS segue_done \gset
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
SELECT id::text FROM public.id_cards WHERE EXISTS (SELECT FROM public.people AS segue_source WHERE segue_source.id = id_cards.user_id AND pg_catalog.record_image_ne(ROW(segue_source.bio), ROW(id_cards.bio))) AND NOT EXISTS (SELECT FROM segue.segue_public_people_bio_owed_dc4ba10a AS segue_owed WHERE segue_owed.key_1 = id_cards.user_id)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.id_cards do not hold in bio what their rows of public.people hold in bio'
      USING DETAIL = found, HINT = 'write the right value into bio of these rows; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.3  Look for what hangs on the view public.users ──
-- why    the view goes next, with RESTRICT: what came to read it meanwhile is listed first
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   nothing: it only reads
-- from   line 3: rename table users -> people
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

-- ── 4.4  Look for what hangs on the view public.user_cards ──
-- why    the view goes next, with RESTRICT: what came to read it meanwhile is listed first
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   nothing: it only reads
-- from   line 4: rename table user_cards -> id_cards
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
   AND (d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = pg_catalog.to_regclass('public.user_cards')
     OR d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid IN (
          SELECT t.oid FROM pg_catalog.pg_type t WHERE t.typrelid = pg_catalog.to_regclass('public.user_cards')
           UNION SELECT t.typarray FROM pg_catalog.pg_type t WHERE t.typrelid = pg_catalog.to_regclass('public.user_cards')))
   AND NOT (d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid IN (
          SELECT r.oid FROM pg_catalog.pg_rewrite r WHERE r.ev_class = pg_catalog.to_regclass('public.user_cards')))
   AND EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass('public.user_cards') AND relkind = 'v')
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'these still need the view public.user_cards'
      USING DETAIL = found, HINT = 'make each of them do without it; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 4.5  Drop the view public.users ──
-- why    the release that used the old name is gone
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 3: rename table users -> people
SELECT pg_catalog.to_regclass('public.users') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
DROP VIEW IF EXISTS public.users RESTRICT;
COMMIT;
\endif

-- ── 4.6  Drop the view public.user_cards ──
-- why    the release that used the old name is gone
-- locks  ACCESS EXCLUSIVE on public.user_cards, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 4: rename table user_cards -> id_cards
SELECT pg_catalog.to_regclass('public.user_cards') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
DROP VIEW IF EXISTS public.user_cards RESTRICT;
COMMIT;
\endif

-- ── 4.7  Contract public.id_cards, public.people ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.id_cards, ACCESS EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: move people.bio -> id_cards.bio on (id_cards.user_id = people.id)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'bio' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
-- psql asks whether a trigger was altered since the rows were looked at; segue does it itself
LOCK TABLE public.id_cards, public.people IN ACCESS EXCLUSIVE MODE;
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_gone_segue_public_people_bio_deleted_2e0ff7ea',
           'zz_segue_gone_segue_public_people_bio_deleted_there_401fdb90',
           'zz_segue_gone_segue_public_people_bio_key_changed_fe06c2b0',
           'zz_segue_gone_segue_public_people_bio_key_changed_there_ec9ebbd',
           'zz_segue_move_segue_public_people_bio_emptied_ccc1dc3f',
           'zz_segue_move_segue_public_people_bio_fetches_2b8c5b93',
           'zz_segue_move_segue_public_people_bio_fetches_again_cf856dbb',
           'zz_segue_move_segue_public_people_bio_given_479da1f6',
           'zz_segue_move_segue_public_people_bio_named_56976b26',
           'zz_segue_move_segue_public_people_bio_set_c4ba7283',
           'zz_segue_move_segue_public_people_bio_takes_b6de01bf',
           'zz_segue_move_segue_public_people_bio_updated_c9c4b8b0',
           'zz_segue_settle_segue_public_people_bio_source_settles_485b842c',
           'zz_segue_settle_segue_public_people_bio_target_settles_7d067c1c')) <> :'segue_triggers_4_7' AS segue_altered \gset
\if :segue_altered
DO $segue$
BEGIN
  RAISE EXCEPTION '%', 'a dual-write trigger of public.id_cards, public.people was altered since the rows were looked at'
    USING HINT = 'Nothing was taken away. Find out who altered it; run this file again, which looks at all rows again.';
END
$segue$;
\endif
LOCK TABLE public.id_cards, public.people IN ACCESS EXCLUSIVE MODE;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_settle_segue_public_people_bio_target_settles_7d067c1c ON public.id_cards;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_people_bio_emptied_ccc1dc3f ON public.id_cards;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_people_bio_set_c4ba7283 ON public.id_cards;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_people_bio_given_479da1f6 ON public.id_cards;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_people_bio_fetches_again_cf856dbb ON public.id_cards;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_people_bio_fetches_2b8c5b93 ON public.id_cards;
DROP TRIGGER IF EXISTS zz_segue_gone_segue_public_people_bio_key_changed_there_ec9ebbd ON public.id_cards;
DROP TRIGGER IF EXISTS zz_segue_gone_segue_public_people_bio_deleted_there_401fdb90 ON public.id_cards;
DROP FUNCTION IF EXISTS segue.segue_public_people_bio_fetches_2b8c5b93();
DROP FUNCTION IF EXISTS segue.segue_public_people_bio_back_9dc65c22();
DROP FUNCTION IF EXISTS segue.segue_public_people_bio_pays_bd7f360e();
DROP TRIGGER IF EXISTS zz_segue_gone_segue_public_people_bio_key_changed_fe06c2b0 ON public.people;
DROP TRIGGER IF EXISTS zz_segue_gone_segue_public_people_bio_deleted_2e0ff7ea ON public.people;
DROP FUNCTION IF EXISTS segue.segue_public_people_bio_gone_6174e52e();
DROP FUNCTION IF EXISTS segue.segue_public_people_bio_leaves_e3935849();
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_people_bio_named_56976b26 ON public.people;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_people_bio_updated_c9c4b8b0 ON public.people;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_people_bio_takes_b6de01bf ON public.people;
DROP FUNCTION IF EXISTS segue.segue_public_people_bio_takes_b6de01bf();
DROP FUNCTION IF EXISTS segue.segue_public_people_bio_on_af044650();
DROP TRIGGER IF EXISTS zz_segue_settle_segue_public_people_bio_source_settles_485b842c ON public.people;
DROP TABLE IF EXISTS segue.segue_public_people_bio_owed_dc4ba10a;
DROP TABLE IF EXISTS segue.segue_public_people_bio_settling_2ede991d;
DROP FUNCTION IF EXISTS segue.segue_public_people_bio_waits_499507a9(segue_holder xid);
DROP FUNCTION IF EXISTS segue.segue_public_people_bio_pays_all_a7e26f71();
DROP FUNCTION IF EXISTS segue.segue_public_people_bio_settles_c53ad9ab();
DROP FUNCTION IF EXISTS segue.segue_public_people_bio_promises_ca3f7aa3();
DROP FUNCTION IF EXISTS segue.segue_public_people_bio_will_settle_bf4ad430();
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.people DROP COLUMN IF EXISTS bio RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
