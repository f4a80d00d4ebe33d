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

SELECT segue.enter('input', '', 4, '0b4306ed5e2e18ec32baea12a719d7efabca59cbc8ef13c613421cf0903d345c') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- The dual-write triggers keep what a look finds: none may be altered behind it.
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_gone_segue_public_visits_note_deleted_88131113',
           'zz_segue_gone_segue_public_visits_note_deleted_there_d8a52f71',
           'zz_segue_gone_segue_public_visits_note_key_changed_e107cc59',
           'zz_segue_gone_segue_public_visits_note_key_changed_there_79e8d2',
           'zz_segue_move_segue_public_visits_note_emptied_8388f75e',
           'zz_segue_move_segue_public_visits_note_fetches_22b4e6d6',
           'zz_segue_move_segue_public_visits_note_fetches_again_c0e17fc2',
           'zz_segue_move_segue_public_visits_note_given_b3526077',
           'zz_segue_move_segue_public_visits_note_named_f0affa1f',
           'zz_segue_move_segue_public_visits_note_set_5edd0b3a',
           'zz_segue_move_segue_public_visits_note_takes_97757926',
           'zz_segue_move_segue_public_visits_note_updated_60d875b5',
           'zz_segue_settle_segue_public_visits_note_source_settles_2bdb23e',
           'zz_segue_settle_segue_public_visits_note_target_settles_8cf0f56')) AS segue_triggers_4_3 \gset

-- ── 4.1  Look once more for values of public.visits.note that have nowhere to go ──
-- why    no CHECK can hold a promise over two tables, and a look at all rows under the lock that
--        drops the column would stop both releases: so the rows are read in short pieces beside the
--        traffic, and the triggers keep what was found until the column goes
-- locks  ACCESS SHARE on public.visits
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: move visits.note -> reports.note on (visits.id = reports.visit_id and visits.day =
--        reports.visit_day) batch 50
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.visits') AND attname = 'note' AND NOT attisdropped) AS segue_done \gset
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
SELECT id::text, day::text FROM public.visits WHERE visits.note IS NOT NULL AND NOT EXISTS (SELECT FROM public.reports AS segue_target WHERE segue_target.visit_id = visits.id AND segue_target.visit_day = visits.day)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.visits hold values of note that have no row of public.reports to go to'
      USING DETAIL = found, HINT = 'insert their rows into public.reports, or set note to NULL; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.2  Look once more whether public.reports.note is as public.visits.note ──
-- why    no CHECK can hold a promise over two tables, and a look at all rows under the lock that
--        drops the column would stop both releases: so the rows are read in short pieces beside the
--        traffic, and the triggers keep what was found until the column goes
-- locks  ACCESS SHARE on public.reports
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: move visits.note -> reports.note on (visits.id = reports.visit_id and visits.day =
--        reports.visit_day) batch 50
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.visits') AND attname = 'note' AND NOT attisdropped) AS segue_done \gset
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
SELECT ctid::text FROM public.reports WHERE EXISTS (SELECT FROM public.visits AS segue_source WHERE segue_source.id = reports.visit_id AND segue_source.day = reports.visit_day AND pg_catalog.record_image_ne(ROW(segue_source.note), ROW(reports.note))) AND NOT EXISTS (SELECT FROM segue.segue_public_visits_note_owed_28d7db09 AS segue_owed WHERE segue_owed.key_1 = reports.visit_id AND segue_owed.key_2 = reports.visit_day)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.reports do not hold in note what their rows of public.visits hold in note'
      USING DETAIL = found, HINT = 'write the right value into note of these rows; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.3  Contract public.reports, public.visits ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.reports, ACCESS EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: move visits.note -> reports.note on (visits.id = reports.visit_id and visits.day =
--        reports.visit_day) batch 50
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.visits') AND attname = 'note' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '133ms';
-- psql asks whether a trigger was altered since the rows were looked at; segue does it itself
LOCK TABLE public.reports, public.visits IN ACCESS EXCLUSIVE MODE;
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_gone_segue_public_visits_note_deleted_88131113',
           'zz_segue_gone_segue_public_visits_note_deleted_there_d8a52f71',
           'zz_segue_gone_segue_public_visits_note_key_changed_e107cc59',
           'zz_segue_gone_segue_public_visits_note_key_changed_there_79e8d2',
           'zz_segue_move_segue_public_visits_note_emptied_8388f75e',
           'zz_segue_move_segue_public_visits_note_fetches_22b4e6d6',
           'zz_segue_move_segue_public_visits_note_fetches_again_c0e17fc2',
           'zz_segue_move_segue_public_visits_note_given_b3526077',
           'zz_segue_move_segue_public_visits_note_named_f0affa1f',
           'zz_segue_move_segue_public_visits_note_set_5edd0b3a',
           'zz_segue_move_segue_public_visits_note_takes_97757926',
           'zz_segue_move_segue_public_visits_note_updated_60d875b5',
           'zz_segue_settle_segue_public_visits_note_source_settles_2bdb23e',
           'zz_segue_settle_segue_public_visits_note_target_settles_8cf0f56')) <> :'segue_triggers_4_3' AS segue_altered \gset
\if :segue_altered
DO $segue$
BEGIN
  RAISE EXCEPTION '%', 'a dual-write trigger of public.reports, public.visits was altered since the rows were looked at'
    USING HINT = 'Nothing was taken away. Find out who altered it; run this file again, which looks at all rows again.';
END
$segue$;
\endif
LOCK TABLE public.reports, public.visits IN ACCESS EXCLUSIVE MODE;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_settle_segue_public_visits_note_target_settles_8cf0f56 ON public.reports;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_visits_note_emptied_8388f75e ON public.reports;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_visits_note_set_5edd0b3a ON public.reports;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_visits_note_given_b3526077 ON public.reports;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_visits_note_fetches_again_c0e17fc2 ON public.reports;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_visits_note_fetches_22b4e6d6 ON public.reports;
DROP TRIGGER IF EXISTS zz_segue_gone_segue_public_visits_note_key_changed_there_79e8d2 ON public.reports;
DROP TRIGGER IF EXISTS zz_segue_gone_segue_public_visits_note_deleted_there_d8a52f71 ON public.reports;
DROP FUNCTION IF EXISTS segue.segue_public_visits_note_fetches_22b4e6d6();
DROP FUNCTION IF EXISTS segue.segue_public_visits_note_back_7d1a1fc9();
DROP FUNCTION IF EXISTS segue.segue_public_visits_note_pays_88749fdd();
DROP TRIGGER IF EXISTS zz_segue_gone_segue_public_visits_note_key_changed_e107cc59 ON public.visits;
DROP TRIGGER IF EXISTS zz_segue_gone_segue_public_visits_note_deleted_88131113 ON public.visits;
DROP FUNCTION IF EXISTS segue.segue_public_visits_note_gone_3669e845();
DROP FUNCTION IF EXISTS segue.segue_public_visits_note_leaves_b83395e6();
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_visits_note_named_f0affa1f ON public.visits;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_visits_note_updated_60d875b5 ON public.visits;
DROP TRIGGER IF EXISTS zz_segue_move_segue_public_visits_note_takes_97757926 ON public.visits;
DROP FUNCTION IF EXISTS segue.segue_public_visits_note_takes_97757926();
DROP FUNCTION IF EXISTS segue.segue_public_visits_note_on_f7473b53();
DROP TRIGGER IF EXISTS zz_segue_settle_segue_public_visits_note_source_settles_2bdb23e ON public.visits;
DROP TABLE IF EXISTS segue.segue_public_visits_note_owed_28d7db09;
DROP TABLE IF EXISTS segue.segue_public_visits_note_settling_87a6a10e;
DROP FUNCTION IF EXISTS segue.segue_public_visits_note_waits_2d781204(segue_holder xid);
DROP FUNCTION IF EXISTS segue.segue_public_visits_note_pays_all_9aabc6c2();
DROP FUNCTION IF EXISTS segue.segue_public_visits_note_settles_7a2a5212();
DROP FUNCTION IF EXISTS segue.segue_public_visits_note_promises_e5134598();
DROP FUNCTION IF EXISTS segue.segue_public_visits_note_will_settle_784fdb11();
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.visits DROP COLUMN IF EXISTS note RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
