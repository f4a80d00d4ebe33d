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

SELECT segue.enter('input', '', 3, 'c4843220a52bf318fa98723be1686ce5892d15015bf4c4d6c342cbed05aa731c') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.events ──
-- why    in small batches, until what and (kind, number) say the same on every row
-- locks  ROW EXCLUSIVE on public.events
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: split events.what -> kind text = (split_part(what, ':', 1)), number text =
--        (split_part(what, ':', 2))
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.events_2023: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.events_2023'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.events_2023 AS events
   SET kind = CASE WHEN kind IS NULL AND number IS NULL THEN CAST((split_part(what, ':', 1)) AS text) ELSE kind END, number = CASE WHEN kind IS NULL AND number IS NULL THEN CAST((split_part(what, ':', 2)) AS text) ELSE number END
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (kind IS NULL AND number IS NULL AND (CAST((split_part(what, ':', 1)) AS text) IS NOT NULL OR CAST((split_part(what, ':', 2)) AS text) IS NOT NULL));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
  -- public.events_rest: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.events_rest'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.events_rest AS events
   SET kind = CASE WHEN kind IS NULL AND number IS NULL THEN CAST((split_part(what, ':', 1)) AS text) ELSE kind END, number = CASE WHEN kind IS NULL AND number IS NULL THEN CAST((split_part(what, ':', 2)) AS text) ELSE number END
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (kind IS NULL AND number IS NULL AND (CAST((split_part(what, ':', 1)) AS text) IS NOT NULL OR CAST((split_part(what, ':', 2)) AS text) IS NOT NULL));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Add segue_what_and_kind_number_say_the_same_agree_c146bb0c to public.events ──
-- why    that what and (kind, number) say the same is proven, and stays so; NOT VALID: binds new
--        writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.events, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.events DROP CONSTRAINT IF EXISTS
--        segue_what_and_kind_number_say_the_same_agree_c146bb0c;
-- from   line 1: split events.what -> kind text = (split_part(what, ':', 1)), number text =
--        (split_part(what, ':', 2))
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.events') AND conname = 'segue_what_and_kind_number_say_the_same_agree_c146bb0c') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.events
  ADD CONSTRAINT segue_what_and_kind_number_say_the_same_agree_c146bb0c CHECK (NOT ((pg_catalog.record_image_ne(ROW(kind, number), ROW(CAST((split_part(what, ':', 1)) AS text), CAST((split_part(what, ':', 2)) AS text)))) AND pg_catalog.record_image_ne(ROW(what), ROW(CAST((kind || ':' || number) AS text))))) NOT VALID;
COMMIT;
\endif

-- ── 3.3  Validate public.events ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.events
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: split events.what -> kind text = (split_part(what, ':', 1)), number text =
--        (split_part(what, ':', 2))
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.events') AND conname = 'segue_what_and_kind_number_say_the_same_agree_c146bb0c' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.events
  VALIDATE CONSTRAINT segue_what_and_kind_number_say_the_same_agree_c146bb0c;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
