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

SELECT segue.enter('input', '', 3, '3be9a8c43692eaf9246e9644df80c011375d84fcf2916d07d3f77fb7001134fa') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.metrics ──
-- why    in small batches, until reading is value and tag is label on every row
-- locks  ROW EXCLUSIVE on public.metrics
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename metrics.value -> reading
-- from   line 2: rename metrics.label -> tag
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.metrics_2023: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.metrics_2023'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.metrics_2023 AS metrics
   SET reading = value, tag = label
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(value), ROW(reading))
     OR tag IS DISTINCT FROM label);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
  -- public.metrics_2024_0: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.metrics_2024_0'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.metrics_2024_0 AS metrics
   SET reading = value, tag = label
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(value), ROW(reading))
     OR tag IS DISTINCT FROM label);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
  -- public.metrics_2024_1: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.metrics_2024_1'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.metrics_2024_1 AS metrics
   SET reading = value, tag = label
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(value), ROW(reading))
     OR tag IS DISTINCT FROM label);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
  -- public.metrics_rest: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.metrics_rest'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.metrics_rest AS metrics
   SET reading = value, tag = label
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(value), ROW(reading))
     OR tag IS DISTINCT FROM label);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_metrics_label_idx_92dbf445 ──
-- why    the parent's index is only a name until every partition's is attached
-- locks  SHARE on public.metrics, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP INDEX IF EXISTS public.segue_metrics_label_idx_92dbf445; …
-- from   line 1: rename metrics.value -> reading
SELECT pg_catalog.to_regclass('public.segue_metrics_label_idx_92dbf445') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '133ms';
CREATE INDEX segue_metrics_label_idx_92dbf445 ON ONLY public.metrics ((lower(tag))) WHERE (reading > (10)::numeric);
COMMIT;
\endif

-- ── 3.3  Build public.segue_metrics_2023_metrics_label_idx_b036ee2c ──
-- why    as metrics_label_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.metrics_2023
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_metrics_2023_metrics_label_idx_b036ee2c') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_metrics_2023_metrics_label_idx_b036ee2c;
CREATE INDEX CONCURRENTLY segue_metrics_2023_metrics_label_idx_b036ee2c ON public.metrics_2023 ((lower(tag))) WHERE (reading > (10)::numeric);
\endif

-- ── 3.4  Build public.segue_metrics_2024_metrics_label_idx_f10a5189 ──
-- why    the parent's index is only a name until every partition's is attached
-- locks  SHARE on public.metrics_2024, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT pg_catalog.to_regclass('public.segue_metrics_2024_metrics_label_idx_f10a5189') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE INDEX segue_metrics_2024_metrics_label_idx_f10a5189 ON ONLY public.metrics_2024 ((lower(tag))) WHERE (reading > (10)::numeric);
COMMIT;
\endif

-- ── 3.5  Build public.segue_metrics_rest_metrics_label_idx_903cd6f7 ──
-- why    as metrics_label_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.metrics_rest
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_metrics_rest_metrics_label_idx_903cd6f7') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_metrics_rest_metrics_label_idx_903cd6f7;
CREATE INDEX CONCURRENTLY segue_metrics_rest_metrics_label_idx_903cd6f7 ON public.metrics_rest ((lower(tag))) WHERE (reading > (10)::numeric);
\endif

-- ── 3.6  Build public.segue_metrics_2024_0_metrics_label_idx_32ed6206 ──
-- why    as metrics_label_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.metrics_2024_0
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_metrics_2024_0_metrics_label_idx_32ed6206') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_metrics_2024_0_metrics_label_idx_32ed6206;
CREATE INDEX CONCURRENTLY segue_metrics_2024_0_metrics_label_idx_32ed6206 ON public.metrics_2024_0 ((lower(tag))) WHERE (reading > (10)::numeric);
\endif

-- ── 3.7  Build public.segue_metrics_2024_1_metrics_label_idx_49559901 ──
-- why    as metrics_label_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.metrics_2024_1
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_metrics_2024_1_metrics_label_idx_49559901') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_metrics_2024_1_metrics_label_idx_49559901;
CREATE INDEX CONCURRENTLY segue_metrics_2024_1_metrics_label_idx_49559901 ON public.metrics_2024_1 ((lower(tag))) WHERE (reading > (10)::numeric);
\endif

-- ── 3.8  Build public.segue_metrics_value_idx_53f0aa72 ──
-- why    the parent's index is only a name until every partition's is attached
-- locks  SHARE on public.metrics, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP INDEX IF EXISTS public.segue_metrics_value_idx_53f0aa72; …
-- from   line 1: rename metrics.value -> reading
SELECT pg_catalog.to_regclass('public.segue_metrics_value_idx_53f0aa72') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '133ms';
CREATE INDEX segue_metrics_value_idx_53f0aa72 ON ONLY public.metrics (reading, at);
COMMIT;
\endif

-- ── 3.9  Build public.segue_metrics_2023_metrics_value_idx_e6563b47 ──
-- why    as metrics_value_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.metrics_2023
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_metrics_2023_metrics_value_idx_e6563b47') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_metrics_2023_metrics_value_idx_e6563b47;
CREATE INDEX CONCURRENTLY segue_metrics_2023_metrics_value_idx_e6563b47 ON public.metrics_2023 (reading, at);
\endif

-- ── 3.10  Build public.segue_metrics_2024_metrics_value_idx_6391453e ──
-- why    the parent's index is only a name until every partition's is attached
-- locks  SHARE on public.metrics_2024, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT pg_catalog.to_regclass('public.segue_metrics_2024_metrics_value_idx_6391453e') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE INDEX segue_metrics_2024_metrics_value_idx_6391453e ON ONLY public.metrics_2024 (reading, at);
COMMIT;
\endif

-- ── 3.11  Build public.segue_metrics_rest_metrics_value_idx_d78c7194 ──
-- why    as metrics_value_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.metrics_rest
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_metrics_rest_metrics_value_idx_d78c7194') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_metrics_rest_metrics_value_idx_d78c7194;
CREATE INDEX CONCURRENTLY segue_metrics_rest_metrics_value_idx_d78c7194 ON public.metrics_rest (reading, at);
\endif

-- ── 3.12  Build public.segue_metrics_2024_0_metrics_value_idx_3f0fbf89 ──
-- why    as metrics_value_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.metrics_2024_0
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_metrics_2024_0_metrics_value_idx_3f0fbf89') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_metrics_2024_0_metrics_value_idx_3f0fbf89;
CREATE INDEX CONCURRENTLY segue_metrics_2024_0_metrics_value_idx_3f0fbf89 ON public.metrics_2024_0 (reading, at);
\endif

-- ── 3.13  Build public.segue_metrics_2024_1_metrics_value_idx_bd289446 ──
-- why    as metrics_value_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.metrics_2024_1
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_metrics_2024_1_metrics_value_idx_bd289446') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_metrics_2024_1_metrics_value_idx_bd289446;
CREATE INDEX CONCURRENTLY segue_metrics_2024_1_metrics_value_idx_bd289446 ON public.metrics_2024_1 (reading, at);
\endif

-- ── 3.14  Attach public.segue_metrics_2023_metrics_label_idx_b036ee2c ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.metrics_2023, ACCESS EXCLUSIVE on
--        public.segue_metrics_2023_metrics_label_idx_b036ee2c, SHARE UPDATE EXCLUSIVE on
--        public.segue_metrics_label_idx_92dbf445, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_metrics_2023_metrics_label_idx_b036ee2c') AND inhparent = pg_catalog.to_regclass('public.segue_metrics_label_idx_92dbf445')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.segue_metrics_label_idx_92dbf445 ATTACH PARTITION public.segue_metrics_2023_metrics_label_idx_b036ee2c;
COMMIT;
\endif

-- ── 3.15  Attach public.segue_metrics_2024_metrics_label_idx_f10a5189 ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.metrics_2024, ACCESS EXCLUSIVE on
--        public.segue_metrics_2024_metrics_label_idx_f10a5189, SHARE UPDATE EXCLUSIVE on
--        public.segue_metrics_label_idx_92dbf445, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_metrics_2024_metrics_label_idx_f10a5189') AND inhparent = pg_catalog.to_regclass('public.segue_metrics_label_idx_92dbf445')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.segue_metrics_label_idx_92dbf445 ATTACH PARTITION public.segue_metrics_2024_metrics_label_idx_f10a5189;
COMMIT;
\endif

-- ── 3.16  Attach public.segue_metrics_rest_metrics_label_idx_903cd6f7 ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.metrics_rest, ACCESS EXCLUSIVE on
--        public.segue_metrics_rest_metrics_label_idx_903cd6f7, SHARE UPDATE EXCLUSIVE on
--        public.segue_metrics_label_idx_92dbf445, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_metrics_rest_metrics_label_idx_903cd6f7') AND inhparent = pg_catalog.to_regclass('public.segue_metrics_label_idx_92dbf445')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.segue_metrics_label_idx_92dbf445 ATTACH PARTITION public.segue_metrics_rest_metrics_label_idx_903cd6f7;
COMMIT;
\endif

-- ── 3.17  Attach public.segue_metrics_2024_0_metrics_label_idx_32ed6206 ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.metrics_2024_0, ACCESS EXCLUSIVE on
--        public.segue_metrics_2024_0_metrics_label_idx_32ed6206, SHARE UPDATE EXCLUSIVE on
--        public.segue_metrics_2024_metrics_label_idx_f10a5189, ACCESS EXCLUSIVE on public.metrics,
--        for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_metrics_2024_0_metrics_label_idx_32ed6206') AND inhparent = pg_catalog.to_regclass('public.segue_metrics_2024_metrics_label_idx_f10a5189')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '88ms';
ALTER INDEX public.segue_metrics_2024_metrics_label_idx_f10a5189 ATTACH PARTITION public.segue_metrics_2024_0_metrics_label_idx_32ed6206;
COMMIT;
\endif

-- ── 3.18  Attach public.segue_metrics_2024_1_metrics_label_idx_49559901 ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.metrics_2024_1, ACCESS EXCLUSIVE on
--        public.segue_metrics_2024_1_metrics_label_idx_49559901, SHARE UPDATE EXCLUSIVE on
--        public.segue_metrics_2024_metrics_label_idx_f10a5189, ACCESS EXCLUSIVE on public.metrics,
--        for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_metrics_2024_1_metrics_label_idx_49559901') AND inhparent = pg_catalog.to_regclass('public.segue_metrics_2024_metrics_label_idx_f10a5189')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '88ms';
ALTER INDEX public.segue_metrics_2024_metrics_label_idx_f10a5189 ATTACH PARTITION public.segue_metrics_2024_1_metrics_label_idx_49559901;
COMMIT;
\endif

-- ── 3.19  Attach public.segue_metrics_2023_metrics_value_idx_e6563b47 ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.metrics_2023, ACCESS EXCLUSIVE on
--        public.segue_metrics_2023_metrics_value_idx_e6563b47, SHARE UPDATE EXCLUSIVE on
--        public.segue_metrics_value_idx_53f0aa72, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_metrics_2023_metrics_value_idx_e6563b47') AND inhparent = pg_catalog.to_regclass('public.segue_metrics_value_idx_53f0aa72')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.segue_metrics_value_idx_53f0aa72 ATTACH PARTITION public.segue_metrics_2023_metrics_value_idx_e6563b47;
COMMIT;
\endif

-- ── 3.20  Attach public.segue_metrics_2024_metrics_value_idx_6391453e ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.metrics_2024, ACCESS EXCLUSIVE on
--        public.segue_metrics_2024_metrics_value_idx_6391453e, SHARE UPDATE EXCLUSIVE on
--        public.segue_metrics_value_idx_53f0aa72, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_metrics_2024_metrics_value_idx_6391453e') AND inhparent = pg_catalog.to_regclass('public.segue_metrics_value_idx_53f0aa72')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.segue_metrics_value_idx_53f0aa72 ATTACH PARTITION public.segue_metrics_2024_metrics_value_idx_6391453e;
COMMIT;
\endif

-- ── 3.21  Attach public.segue_metrics_rest_metrics_value_idx_d78c7194 ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.metrics_rest, ACCESS EXCLUSIVE on
--        public.segue_metrics_rest_metrics_value_idx_d78c7194, SHARE UPDATE EXCLUSIVE on
--        public.segue_metrics_value_idx_53f0aa72, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_metrics_rest_metrics_value_idx_d78c7194') AND inhparent = pg_catalog.to_regclass('public.segue_metrics_value_idx_53f0aa72')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.segue_metrics_value_idx_53f0aa72 ATTACH PARTITION public.segue_metrics_rest_metrics_value_idx_d78c7194;
COMMIT;
\endif

-- ── 3.22  Attach public.segue_metrics_2024_0_metrics_value_idx_3f0fbf89 ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.metrics_2024_0, ACCESS EXCLUSIVE on
--        public.segue_metrics_2024_0_metrics_value_idx_3f0fbf89, SHARE UPDATE EXCLUSIVE on
--        public.segue_metrics_2024_metrics_value_idx_6391453e, ACCESS EXCLUSIVE on public.metrics,
--        for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_metrics_2024_0_metrics_value_idx_3f0fbf89') AND inhparent = pg_catalog.to_regclass('public.segue_metrics_2024_metrics_value_idx_6391453e')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '88ms';
ALTER INDEX public.segue_metrics_2024_metrics_value_idx_6391453e ATTACH PARTITION public.segue_metrics_2024_0_metrics_value_idx_3f0fbf89;
COMMIT;
\endif

-- ── 3.23  Attach public.segue_metrics_2024_1_metrics_value_idx_bd289446 ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.metrics_2024_1, ACCESS EXCLUSIVE on
--        public.segue_metrics_2024_1_metrics_value_idx_bd289446, SHARE UPDATE EXCLUSIVE on
--        public.segue_metrics_2024_metrics_value_idx_6391453e, ACCESS EXCLUSIVE on public.metrics,
--        for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: rename metrics.value -> reading
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_metrics_2024_1_metrics_value_idx_bd289446') AND inhparent = pg_catalog.to_regclass('public.segue_metrics_2024_metrics_value_idx_6391453e')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '88ms';
ALTER INDEX public.segue_metrics_2024_metrics_value_idx_6391453e ATTACH PARTITION public.segue_metrics_2024_1_metrics_value_idx_bd289446;
COMMIT;
\endif

-- ── 3.24  Add 4 constraints to public.metrics ──
-- why    that reading is value is proven, and stays so; that tag is label is proven, and stays so;
--        reading may not be NULL any more; as metrics_value_check, over the new column; NOT VALID:
--        binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.metrics, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.metrics DROP CONSTRAINT IF EXISTS segue_reading_is_value_59088c40; …
-- from   line 1: rename metrics.value -> reading
-- from   line 2: rename metrics.label -> tag
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.metrics') AND conname = 'segue_reading_is_value_59088c40')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.metrics') AND conname = 'segue_tag_is_label_28a0f1cb')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.metrics') AND conname = 'segue_reading_not_null_3d808285')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.metrics') AND conname = 'segue_metrics_value_check_cbb70715') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '133ms';
ALTER TABLE public.metrics
  ADD CONSTRAINT segue_reading_is_value_59088c40 CHECK (NOT pg_catalog.record_image_ne(ROW(value), ROW(reading))) NOT VALID,
  ADD CONSTRAINT segue_tag_is_label_28a0f1cb CHECK (NOT pg_catalog.record_image_ne(ROW(label), ROW(tag))) NOT VALID,
  ADD CONSTRAINT segue_reading_not_null_3d808285 CHECK (reading IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_metrics_value_check_cbb70715 CHECK (reading >= (0)::numeric) NOT VALID;
COMMIT;
\endif

-- ── 3.25  Validate public.metrics ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.metrics
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename metrics.value -> reading
-- from   line 2: rename metrics.label -> tag
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.metrics') AND conname = 'segue_reading_is_value_59088c40' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.metrics') AND conname = 'segue_tag_is_label_28a0f1cb' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.metrics') AND conname = 'segue_reading_not_null_3d808285' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.metrics') AND conname = 'segue_metrics_value_check_cbb70715' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.metrics
  VALIDATE CONSTRAINT segue_reading_is_value_59088c40,
  VALIDATE CONSTRAINT segue_tag_is_label_28a0f1cb,
  VALIDATE CONSTRAINT segue_reading_not_null_3d808285,
  VALIDATE CONSTRAINT segue_metrics_value_check_cbb70715;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
