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

SELECT segue.enter('input', '', 3, '0ae3ee3694be80f24d562fffbc11244a1a3dc4ad26c224dc0605890518bea83d') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values in public.events.day, hour that do not convert ──
-- why    they are listed here, before anything is filled or built
-- locks  ACCESS SHARE on public.events
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: merge events(day, hour) -> starts_at timestamp = (day + coalesce(hour, '00:00'))
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.events WHERE segue.segue_public_events_fails_for_day_hour_01072aff(day, hour) AND pg_catalog.record_image_ne(ROW(day, hour), ROW(segue.segue_public_events_back_to_day_1a3938a3(starts_at, day, hour), segue.segue_public_events_back_to_hour_dc2978d1(starts_at, day, hour)))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.events hold values of day, hour that `=` cannot convert'
      USING DETAIL = found, HINT = 'mend these values, or make `=` say what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Fill public.events ──
-- why    in small batches, until (day, hour) and starts_at say the same on every row
-- locks  ROW EXCLUSIVE on public.events
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: merge events(day, hour) -> starts_at timestamp = (day + coalesce(hour, '00:00'))
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.events: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.events'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.events
   SET starts_at = coalesce(starts_at, segue.segue_public_events_to_starts_at_c27f0921(day, hour))
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (starts_at IS NULL AND (segue.segue_public_events_to_starts_at_c27f0921(day, hour) IS NOT NULL));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Look for rows without public.events.starts_at ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.events
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 4: require events.starts_at
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.events WHERE starts_at IS NULL
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.events have no starts_at'
      USING DETAIL = found, HINT = 'give them a value, or say `backfill …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.4  Add segue_starts_at_not_null_b4b130c0 to public.events ──
-- why    starts_at may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.events, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.events DROP CONSTRAINT IF EXISTS segue_starts_at_not_null_b4b130c0;
-- from   line 4: require events.starts_at
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.events') AND conname = 'segue_starts_at_not_null_b4b130c0') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.events
  ADD CONSTRAINT segue_starts_at_not_null_b4b130c0 CHECK (starts_at IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.5  Validate public.events ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.events
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 4: require events.starts_at
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.events') AND conname = 'segue_starts_at_not_null_b4b130c0' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.events
  VALIDATE CONSTRAINT segue_starts_at_not_null_b4b130c0;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
