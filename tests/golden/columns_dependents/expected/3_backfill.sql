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

SELECT segue.enter('input', '', 3, '154b170a9f041c48f3b6914bdb3d8a5389ae865900210ec1cfe28e2fa56b26e2') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Keep what the fill overwrites in public.readings ──
-- why    undo puts the old values back wherever the app has not written since
-- locks  ACCESS SHARE on public.readings, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TABLE IF EXISTS segue.segue_public_readings_journal_13737166;
-- from   line 2: require readings.value
-- from   line 12: add readings.quality smallint required check (quality between 0 and 9)
SELECT pg_catalog.to_regclass('segue.segue_public_readings_journal_13737166') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE TABLE segue.segue_public_readings_journal_13737166 AS
  SELECT id, at, value AS old_1, value AS new_1
    FROM public.readings WITH NO DATA;
ALTER TABLE segue.segue_public_readings_journal_13737166 ADD PRIMARY KEY (id, at);
COMMIT;
\endif

-- ── 3.2  Fill public.readings ──
-- why    in small batches, until value has a value and quality has a value on every row
-- locks  ROW EXCLUSIVE on public.readings
-- scans  writes rows, in small transactions
-- undo   put back what was overwritten in public.readings
-- from   line 2: require readings.value
-- from   line 12: add readings.quality smallint required check (quality between 0 and 9)
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.readings_2023: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.readings_2023'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
      SET LOCAL session_replication_role = replica;
WITH segue_before AS MATERIALIZED (
  SELECT ctid AS segue_tid, value AS segue_old_1
    FROM ONLY public.readings_2023 AS readings
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND (value IS NULL
     OR quality IS NULL)
     FOR NO KEY UPDATE
), segue_filled AS (
  UPDATE ONLY public.readings_2023 AS readings
     SET value = coalesce(value, 0), quality = coalesce(quality, (case when value is null then 0 else 5 end))
    FROM segue_before
   WHERE readings.ctid = segue_before.segue_tid
  RETURNING readings.id, readings.at, segue_before.segue_old_1, readings.value
)
INSERT INTO segue.segue_public_readings_journal_13737166 SELECT * FROM segue_filled ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
  -- public.readings_2024: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.readings_2024'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
      SET LOCAL session_replication_role = replica;
WITH segue_before AS MATERIALIZED (
  SELECT ctid AS segue_tid, value AS segue_old_1
    FROM ONLY public.readings_2024 AS readings
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND (value IS NULL
     OR quality IS NULL)
     FOR NO KEY UPDATE
), segue_filled AS (
  UPDATE ONLY public.readings_2024 AS readings
     SET value = coalesce(value, 0), quality = coalesce(quality, (case when value is null then 0 else 5 end))
    FROM segue_before
   WHERE readings.ctid = segue_before.segue_tid
  RETURNING readings.id, readings.at, segue_before.segue_old_1, readings.value
)
INSERT INTO segue.segue_public_readings_journal_13737166 SELECT * FROM segue_filled ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Add 3 constraints to public.readings ──
-- why    value may not be NULL any more; quality may not be NULL any more; binds every row from now
--        on; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.readings, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.readings DROP CONSTRAINT IF EXISTS segue_value_not_null_e4bba0ea; ALTER
--        TABLE public.readings DROP CONSTRAINT IF EXISTS segue_quality_not_null_dcb03482; ALTER
--        TABLE public.readings DROP CONSTRAINT IF EXISTS readings_quality_check;
-- from   line 2: require readings.value
-- from   line 12: add readings.quality smallint required check (quality between 0 and 9)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings') AND conname = 'segue_value_not_null_e4bba0ea')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings') AND conname = 'segue_quality_not_null_dcb03482')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings') AND conname = 'readings_quality_check') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.readings
  ADD CONSTRAINT segue_value_not_null_e4bba0ea CHECK (value IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_quality_not_null_dcb03482 CHECK (quality IS NOT NULL) NOT VALID,
  ADD CONSTRAINT readings_quality_check CHECK (quality between 0 and 9) NOT VALID;
COMMIT;
\endif

-- ── 3.4  Validate public.readings ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.readings
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 2: require readings.value
-- from   line 12: add readings.quality smallint required check (quality between 0 and 9)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings') AND conname = 'segue_value_not_null_e4bba0ea' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings') AND conname = 'segue_quality_not_null_dcb03482' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.readings') AND conname = 'readings_quality_check' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.readings
  VALIDATE CONSTRAINT segue_value_not_null_e4bba0ea,
  VALIDATE CONSTRAINT segue_quality_not_null_dcb03482,
  VALIDATE CONSTRAINT readings_quality_check;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
