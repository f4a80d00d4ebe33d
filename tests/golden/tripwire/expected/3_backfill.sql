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

SELECT segue.enter('input', '', 3, '6eab794d92c48ab868d3fe8af372454ea0e80c56825c60a0dc77d29aedac02c0') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.people ──
-- why    in small batches, until display_name is "Full Name" and status is state and made_at is
--        made on every row
-- locks  ROW EXCLUSIVE on public.people
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 4: rename people."Full Name" -> display_name
-- from   line 5: rename people.state -> status
-- from   line 6: rename people.made -> made_at
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.people: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.people'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.people
   SET display_name = "Full Name", status = state, made_at = made
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (display_name IS DISTINCT FROM "Full Name"
     OR status IS DISTINCT FROM state
     OR made_at IS DISTINCT FROM made);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Fill public.visits ──
-- why    in small batches, until came_on is came on every row
-- locks  ROW EXCLUSIVE on public.visits
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 8: rename visits.came -> came_on via app
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.visits: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.visits'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.visits
   SET came_on = came
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (came_on IS NULL AND came IS NOT NULL);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Look for rows where public.visits.came_on is not came ──
-- why    the application keeps both equal: where it did not, only a person knows which is right
-- locks  ACCESS SHARE on public.visits
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 8: rename visits.came -> came_on via app
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(came::text, 60), pg_catalog.left(came_on::text, 60) FROM public.visits WHERE pg_catalog.record_image_ne(ROW(came), ROW(came_on))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.visits have a came_on that is not their came'
      USING DETAIL = found, HINT = 'a release writes one of the two alone, or not the same to both: see that it is out, mend these rows, then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.4  Add 4 constraints to public.people ──
-- why    that display_name is "Full Name" is proven, and stays so; that status is state is proven,
--        and stays so; that made_at is made is proven, and stays so; display_name may not be NULL
--        any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.people DROP CONSTRAINT IF EXISTS
--        segue_display_name_is_full_name_65e0e57f; …
-- from   line 4: rename people."Full Name" -> display_name
-- from   line 5: rename people.state -> status
-- from   line 6: rename people.made -> made_at
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_display_name_is_full_name_65e0e57f')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_status_is_state_f9a2ed98')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_made_at_is_made_5a61e3b5')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_display_name_not_null_8daf30fb') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  ADD CONSTRAINT segue_display_name_is_full_name_65e0e57f CHECK (NOT pg_catalog.record_image_ne(ROW("Full Name"), ROW(display_name))) NOT VALID,
  ADD CONSTRAINT segue_status_is_state_f9a2ed98 CHECK (NOT pg_catalog.record_image_ne(ROW(state), ROW(status))) NOT VALID,
  ADD CONSTRAINT segue_made_at_is_made_5a61e3b5 CHECK (NOT pg_catalog.record_image_ne(ROW(made), ROW(made_at))) NOT VALID,
  ADD CONSTRAINT segue_display_name_not_null_8daf30fb CHECK (display_name IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.5  Add segue_came_on_is_came_416b3a4b to public.visits ──
-- why    that came_on is came is proven, and stays so; NOT VALID: binds new writes at once and
--        reads no row
-- locks  ACCESS EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS segue_came_on_is_came_416b3a4b;
-- from   line 8: rename visits.came -> came_on via app
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_came_on_is_came_416b3a4b') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits
  ADD CONSTRAINT segue_came_on_is_came_416b3a4b CHECK (NOT pg_catalog.record_image_ne(ROW(came), ROW(came_on))) NOT VALID;
COMMIT;
\endif

-- ── 3.6  Validate public.people ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 4: rename people."Full Name" -> display_name
-- from   line 5: rename people.state -> status
-- from   line 6: rename people.made -> made_at
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_display_name_is_full_name_65e0e57f' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_status_is_state_f9a2ed98' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_made_at_is_made_5a61e3b5' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_display_name_not_null_8daf30fb' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  VALIDATE CONSTRAINT segue_display_name_is_full_name_65e0e57f,
  VALIDATE CONSTRAINT segue_status_is_state_f9a2ed98,
  VALIDATE CONSTRAINT segue_made_at_is_made_5a61e3b5,
  VALIDATE CONSTRAINT segue_display_name_not_null_8daf30fb;
COMMIT;
\endif

-- ── 3.7  Validate public.visits ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.visits
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 8: rename visits.came -> came_on via app
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_came_on_is_came_416b3a4b' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits
  VALIDATE CONSTRAINT segue_came_on_is_came_416b3a4b;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
