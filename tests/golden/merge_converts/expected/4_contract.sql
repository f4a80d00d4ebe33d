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

SELECT segue.enter('input', '', 4, '0ae3ee3694be80f24d562fffbc11244a1a3dc4ad26c224dc0605890518bea83d') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- The dual-write triggers keep what a look finds: none may be altered behind it.
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_null_segue_public_events_starts_at_null_591ed3f9',
           'zz_segue_sync_segue_public_events_aa409621')) AS segue_triggers_4_2 \gset

-- ── 4.1  Look once more whether (day, hour) and starts_at say the same in public.events ──
-- why    no CHECK proves it, and a look under the lock that drops what is old would stop the
--        application: so the rows are read here, beside the traffic; from then on the dual-write
--        triggers, which fire ALWAYS, keep what was found
-- locks  ACCESS SHARE on public.events
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: merge events(day, hour) -> starts_at timestamp = (day + coalesce(hour, '00:00'))
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.events') AND attname = 'day' AND NOT attisdropped) AS segue_done \gset
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
SELECT id::text, pg_catalog.left(day::text, 60), pg_catalog.left(hour::text, 60), pg_catalog.left(starts_at::text, 60) FROM public.events WHERE (pg_catalog.record_image_ne(ROW(starts_at), ROW(segue.segue_public_events_to_starts_at_c27f0921(day, hour))) OR segue.segue_public_events_fails_for_day_hour_01072aff(day, hour)) AND pg_catalog.record_image_ne(ROW(day, hour), ROW(segue.segue_public_events_back_to_day_1a3938a3(starts_at, day, hour), segue.segue_public_events_back_to_hour_dc2978d1(starts_at, day, hour)))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.events break the promise that (day, hour) and starts_at say the same'
      USING DETAIL = found, HINT = '`=` cannot convert a value, or something writes past the dual-write triggers: see that it stops, mend these rows, then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.2  Contract public.events ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.events, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: merge events(day, hour) -> starts_at timestamp = (day + coalesce(hour, '00:00'))
-- from   line 4: require events.starts_at
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.events') AND attname = 'day' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.events') AND attname = 'hour' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.events') AND attname = 'starts_at' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.events') AND conname = 'segue_starts_at_not_null_b4b130c0') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
-- psql asks whether a trigger was altered since the rows were looked at; segue does it itself
LOCK TABLE public.events IN ACCESS EXCLUSIVE MODE;
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_null_segue_public_events_starts_at_null_591ed3f9',
           'zz_segue_sync_segue_public_events_aa409621')) <> :'segue_triggers_4_2' AS segue_altered \gset
\if :segue_altered
DO $segue$
BEGIN
  RAISE EXCEPTION '%', 'a dual-write trigger of public.events was altered since the rows were looked at'
    USING HINT = 'Nothing was taken away. Find out who altered it; run this file again, which looks at all rows again.';
END
$segue$;
\endif
LOCK TABLE public.events IN ACCESS EXCLUSIVE MODE;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_events_aa409621 ON public.events;
DROP FUNCTION IF EXISTS segue.segue_public_events_sync_51ffa424();
DROP FUNCTION IF EXISTS segue.segue_public_events_fails_for_day_hour_01072aff(date, time without time zone);
DROP FUNCTION IF EXISTS segue.segue_public_events_to_starts_at_c27f0921(date, time without time zone);
DROP FUNCTION IF EXISTS segue.segue_public_events_back_to_day_1a3938a3(timestamp, date, time without time zone);
DROP FUNCTION IF EXISTS segue.segue_public_events_given_to_day_cfd46f63(timestamp, date, time without time zone);
DROP FUNCTION IF EXISTS segue.segue_public_events_back_to_hour_dc2978d1(timestamp, date, time without time zone);
DROP FUNCTION IF EXISTS segue.segue_public_events_given_to_hour_fd070991(timestamp, date, time without time zone);
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_events_starts_at_null_591ed3f9 ON public.events;
DROP FUNCTION IF EXISTS segue.segue_public_events_starts_at_null_function_eefbc27b();
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.events DROP COLUMN IF EXISTS day RESTRICT;
ALTER TABLE public.events DROP COLUMN IF EXISTS hour RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.events ALTER COLUMN starts_at SET NOT NULL;
ALTER TABLE public.events DROP CONSTRAINT IF EXISTS segue_starts_at_not_null_b4b130c0;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
