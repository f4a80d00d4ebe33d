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

SELECT segue.enter('input', '', 3, 'cbf7d0ac469517e226923ce8376a3bae66e9ad4a6d83d99b1cbf68444503b146') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for rows that break coupons_label_not_empty ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.coupons
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 3: check coupons (label <> '') as coupons_label_not_empty
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.coupons WHERE (label <> '') IS FALSE
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.coupons break coupons_label_not_empty'
      USING DETAIL = found, HINT = 'mend them, or say `repair column = …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Look for rows that break coupons_found_check ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.coupons
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 4: check coupons (found >= 0)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.coupons WHERE (found >= 0) IS FALSE
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.coupons break coupons_found_check'
      USING DETAIL = found, HINT = 'mend them, or say `repair column = …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.3  Add coupons_percent_check to public.coupons ──
-- why    coupons_percent_check binds every row from now on; NOT VALID: binds new writes at once and
--        reads no row
-- locks  ACCESS EXCLUSIVE on public.coupons, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.coupons DROP CONSTRAINT IF EXISTS coupons_percent_check;
-- from   line 1: check coupons (percent between 0 and 100)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.coupons') AND conname = 'coupons_percent_check') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.coupons
  ADD CONSTRAINT coupons_percent_check CHECK (percent between 0 and 100) NOT VALID;
COMMIT;
\endif

-- ── 3.4  Keep what the fill overwrites in public.coupons ──
-- why    undo puts the old values back wherever the app has not written since
-- locks  ACCESS SHARE on public.coupons, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TABLE IF EXISTS segue.segue_public_coupons_journal_368ab40c;
-- from   line 1: check coupons (percent between 0 and 100)
SELECT pg_catalog.to_regclass('segue.segue_public_coupons_journal_368ab40c') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE TABLE segue.segue_public_coupons_journal_368ab40c AS
  SELECT id, percent AS old_1, percent AS new_1
    FROM public.coupons WITH NO DATA;
ALTER TABLE segue.segue_public_coupons_journal_368ab40c ADD PRIMARY KEY (id);
COMMIT;
\endif

-- ── 3.5  Fill public.coupons ──
-- why    in small batches, until coupons_percent_check holds on every row
-- locks  ROW EXCLUSIVE on public.coupons
-- scans  writes rows, in small transactions
-- undo   ALTER TABLE public.coupons DROP CONSTRAINT IF EXISTS coupons_percent_check;; then put back
--        what was overwritten in public.coupons
-- from   line 1: check coupons (percent between 0 and 100)
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.coupons: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.coupons'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
WITH segue_before AS MATERIALIZED (
  SELECT ctid AS segue_tid, percent AS segue_old_1
    FROM ONLY public.coupons
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND ((percent between 0 and 100) IS FALSE)
     FOR NO KEY UPDATE
), segue_filled AS (
  UPDATE ONLY public.coupons
     SET percent = CASE WHEN (percent between 0 and 100) IS FALSE THEN (least(percent, 100)) ELSE percent END
    FROM segue_before
   WHERE coupons.ctid = segue_before.segue_tid
  RETURNING coupons.id, segue_before.segue_old_1, coupons.percent
)
INSERT INTO segue.segue_public_coupons_journal_368ab40c SELECT * FROM segue_filled ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.6  Add 2 constraints to public.coupons ──
-- why    coupons_label_not_empty binds every row from now on; coupons_found_check binds every row
--        from now on; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.coupons, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.coupons DROP CONSTRAINT IF EXISTS coupons_label_not_empty; ALTER TABLE
--        public.coupons DROP CONSTRAINT IF EXISTS coupons_found_check;
-- from   line 3: check coupons (label <> '') as coupons_label_not_empty
-- from   line 4: check coupons (found >= 0)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.coupons') AND conname = 'coupons_label_not_empty')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.coupons') AND conname = 'coupons_found_check') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.coupons
  ADD CONSTRAINT coupons_label_not_empty CHECK (label <> '') NOT VALID,
  ADD CONSTRAINT coupons_found_check CHECK (found >= 0) NOT VALID;
COMMIT;
\endif

-- ── 3.7  Validate public.coupons ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.coupons
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: check coupons (percent between 0 and 100)
-- from   line 3: check coupons (label <> '') as coupons_label_not_empty
-- from   line 4: check coupons (found >= 0)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.coupons') AND conname = 'coupons_percent_check' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.coupons') AND conname = 'coupons_label_not_empty' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.coupons') AND conname = 'coupons_found_check' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.coupons
  VALIDATE CONSTRAINT coupons_percent_check,
  VALIDATE CONSTRAINT coupons_label_not_empty,
  VALIDATE CONSTRAINT coupons_found_check;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
