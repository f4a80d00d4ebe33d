-- input · phase 3 of 4: backfill
--
-- when   after phase 2; before the release that reads what is new
-- apply  segue apply <this directory> --phase 3
--        or psql -v ON_ERROR_STOP=1 -f 3_backfill.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

SELECT segue.enter('input', '', 3, '0b4306ed5e2e18ec32baea12a719d7efabca59cbc8ef13c613421cf0903d345c') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values of public.visits.note that have nowhere to go ──
-- why    they are listed here, before anything is filled or built
-- locks  ACCESS SHARE on public.visits
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: move visits.note -> reports.note on (visits.id = reports.visit_id and visits.day =
--        reports.visit_day) batch 50
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

-- ── 3.2  Fill public.reports ──
-- why    in small batches, until note is note of public.visits on every row
-- locks  ROW EXCLUSIVE on public.reports, ROW SHARE on public.visits, ROW SHARE on public.visits_1,
--        ROW SHARE on public.visits_2
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: move visits.note -> reports.note on (visits.id = reports.visit_id and visits.day =
--        reports.visit_day) batch 50
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.reports_0: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.reports_0'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
WITH segue_locked AS MATERIALIZED (
  SELECT ctid AS segue_tid
    FROM ONLY public.reports_0 AS reports
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND (reports.note IS NULL AND EXISTS (SELECT FROM public.visits AS segue_source WHERE segue_source.id = reports.visit_id AND segue_source.day = reports.visit_day AND segue_source.note IS NOT NULL) AND NOT EXISTS (SELECT FROM segue.segue_public_visits_note_owed_28d7db09 AS segue_owed WHERE segue_owed.key_1 = reports.visit_id AND segue_owed.key_2 = reports.visit_day))
     FOR NO KEY UPDATE
)
UPDATE ONLY public.reports_0 AS reports
   SET note = (SELECT segue_source.note FROM public.visits AS segue_source WHERE segue_source.id = reports.visit_id AND segue_source.day = reports.visit_day FOR SHARE SKIP LOCKED)
  FROM segue_locked
 WHERE reports.ctid = segue_locked.segue_tid;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
  -- public.reports_1: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.reports_1'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
WITH segue_locked AS MATERIALIZED (
  SELECT ctid AS segue_tid
    FROM ONLY public.reports_1 AS reports
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND (reports.note IS NULL AND EXISTS (SELECT FROM public.visits AS segue_source WHERE segue_source.id = reports.visit_id AND segue_source.day = reports.visit_day AND segue_source.note IS NOT NULL) AND NOT EXISTS (SELECT FROM segue.segue_public_visits_note_owed_28d7db09 AS segue_owed WHERE segue_owed.key_1 = reports.visit_id AND segue_owed.key_2 = reports.visit_day))
     FOR NO KEY UPDATE
)
UPDATE ONLY public.reports_1 AS reports
   SET note = (SELECT segue_source.note FROM public.visits AS segue_source WHERE segue_source.id = reports.visit_id AND segue_source.day = reports.visit_day FOR SHARE SKIP LOCKED)
  FROM segue_locked
 WHERE reports.ctid = segue_locked.segue_tid;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Look whether public.reports.note is as public.visits.note ──
-- why    a pair that somebody held all the time is not filled yet: run the phase again
-- locks  ACCESS SHARE on public.reports
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: move visits.note -> reports.note on (visits.id = reports.visit_id and visits.day =
--        reports.visit_day) batch 50
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

SELECT segue.leave('input', 3) AS "phase complete";
