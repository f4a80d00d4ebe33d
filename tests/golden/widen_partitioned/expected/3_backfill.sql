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

SELECT segue.enter('input', '', 3, '25748d3dc308a997c503802598c319d228d96c917377744c3911a35d80219f6c') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.shops ──
-- why    in small batches, until the copy of id is id as bigint on every row
-- locks  ROW EXCLUSIVE on public.shops
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: widen shops.id -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.shops: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.shops'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.shops
   SET segue_id_as_bigint_7eaff00d = id::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_id_as_bigint_7eaff00d), ROW(id::bigint)));
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
-- why    in small batches, until the copy of shop_id is shop_id as bigint and the copy of id is id
--        as bigint on every row
-- locks  ROW EXCLUSIVE on public.visits
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: widen shops.id -> bigint
-- from   line 2: widen visits.id -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.visits_2023: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.visits_2023'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.visits_2023 AS visits
   SET segue_shop_id_as_bigint_c18e2676 = shop_id::bigint, segue_id_as_bigint_7eaff00d = id::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_shop_id_as_bigint_c18e2676), ROW(shop_id::bigint))
     OR pg_catalog.record_image_ne(ROW(segue_id_as_bigint_7eaff00d), ROW(id::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
  -- public.visits_2024_a: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.visits_2024_a'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.visits_2024_a AS visits
   SET segue_shop_id_as_bigint_c18e2676 = shop_id::bigint, segue_id_as_bigint_7eaff00d = id::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_shop_id_as_bigint_c18e2676), ROW(shop_id::bigint))
     OR pg_catalog.record_image_ne(ROW(segue_id_as_bigint_7eaff00d), ROW(id::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
  -- public.visits_2024_b: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.visits_2024_b'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.visits_2024_b AS visits
   SET segue_shop_id_as_bigint_c18e2676 = shop_id::bigint, segue_id_as_bigint_7eaff00d = id::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_shop_id_as_bigint_c18e2676), ROW(shop_id::bigint))
     OR pg_catalog.record_image_ne(ROW(segue_id_as_bigint_7eaff00d), ROW(id::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Build public.segue_shops_pkey_d460ecca ──
-- why    as shops_pkey, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.shops
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_shops_pkey_d460ecca;
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_shops_pkey_d460ecca') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_shops_pkey_d460ecca;
CREATE UNIQUE INDEX CONCURRENTLY segue_shops_pkey_d460ecca ON public.shops (segue_id_as_bigint_7eaff00d);
\endif

-- ── 3.4  Build public.segue_visits_pkey__c3aab754 ──
-- why    as visits_2023_pkey, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.visits_2023
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_visits_pkey__c3aab754;
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_visits_pkey__c3aab754') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_visits_pkey__c3aab754;
CREATE UNIQUE INDEX CONCURRENTLY segue_visits_pkey__c3aab754 ON public.visits_2023 (segue_id_as_bigint_7eaff00d, day);
\endif

-- ── 3.5  Build public.segue_visits_pkey__84bedced ──
-- why    as visits_2024_a_pkey, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.visits_2024_a
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_visits_pkey__84bedced;
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_visits_pkey__84bedced') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_visits_pkey__84bedced;
CREATE UNIQUE INDEX CONCURRENTLY segue_visits_pkey__84bedced ON public.visits_2024_a (segue_id_as_bigint_7eaff00d, day);
\endif

-- ── 3.6  Build public.segue_visits_pkey__be758bb2 ──
-- why    as visits_2024_b_pkey, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.visits_2024_b
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_visits_pkey__be758bb2;
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_visits_pkey__be758bb2') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_visits_pkey__be758bb2;
CREATE UNIQUE INDEX CONCURRENTLY segue_visits_pkey__be758bb2 ON public.visits_2024_b (segue_id_as_bigint_7eaff00d, day);
\endif

-- ── 3.7  Build public.segue_visits_shop_id_idx_62b161a4 ──
-- why    the parent's index is only a name until every partition's is attached
-- locks  SHARE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP INDEX IF EXISTS public.segue_visits_shop_id_idx_62b161a4; …
-- from   line 1: widen shops.id -> bigint
SELECT pg_catalog.to_regclass('public.segue_visits_shop_id_idx_62b161a4') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '160ms';
CREATE INDEX segue_visits_shop_id_idx_62b161a4 ON ONLY public.visits (segue_shop_id_as_bigint_c18e2676);
COMMIT;
\endif

-- ── 3.8  Build public.segue_visits_2023_visits_shop_id_idx_3b40ae04 ──
-- why    as visits_shop_id_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.visits_2023
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_visits_2023_visits_shop_id_idx_3b40ae04') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_visits_2023_visits_shop_id_idx_3b40ae04;
CREATE INDEX CONCURRENTLY segue_visits_2023_visits_shop_id_idx_3b40ae04 ON public.visits_2023 (segue_shop_id_as_bigint_c18e2676);
\endif

-- ── 3.9  Build public.segue_visits_2024_visits_shop_id_idx_7acb566b ──
-- why    the parent's index is only a name until every partition's is attached
-- locks  SHARE on public.visits_2024, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: widen shops.id -> bigint
SELECT pg_catalog.to_regclass('public.segue_visits_2024_visits_shop_id_idx_7acb566b') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE INDEX segue_visits_2024_visits_shop_id_idx_7acb566b ON ONLY public.visits_2024 (segue_shop_id_as_bigint_c18e2676);
COMMIT;
\endif

-- ── 3.10  Build public.segue_visits_2024_a_visits_shop_id_idx_0a607e5f ──
-- why    as visits_shop_id_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.visits_2024_a
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_visits_2024_a_visits_shop_id_idx_0a607e5f') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_visits_2024_a_visits_shop_id_idx_0a607e5f;
CREATE INDEX CONCURRENTLY segue_visits_2024_a_visits_shop_id_idx_0a607e5f ON public.visits_2024_a (segue_shop_id_as_bigint_c18e2676);
\endif

-- ── 3.11  Build public.segue_visits_2024_b_visits_shop_id_idx_c41deedc ──
-- why    as visits_shop_id_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.visits_2024_b
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_visits_2024_b_visits_shop_id_idx_c41deedc') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_visits_2024_b_visits_shop_id_idx_c41deedc;
CREATE INDEX CONCURRENTLY segue_visits_2024_b_visits_shop_id_idx_c41deedc ON public.visits_2024_b (segue_shop_id_as_bigint_c18e2676);
\endif

-- ── 3.12  Attach public.segue_visits_2023_visits_shop_id_idx_3b40ae04 ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.visits_2023, ACCESS EXCLUSIVE on
--        public.segue_visits_2023_visits_shop_id_idx_3b40ae04, SHARE UPDATE EXCLUSIVE on
--        public.segue_visits_shop_id_idx_62b161a4, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_visits_2023_visits_shop_id_idx_3b40ae04') AND inhparent = pg_catalog.to_regclass('public.segue_visits_shop_id_idx_62b161a4')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.segue_visits_shop_id_idx_62b161a4 ATTACH PARTITION public.segue_visits_2023_visits_shop_id_idx_3b40ae04;
COMMIT;
\endif

-- ── 3.13  Attach public.segue_visits_2024_visits_shop_id_idx_7acb566b ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.visits_2024, ACCESS EXCLUSIVE on
--        public.segue_visits_2024_visits_shop_id_idx_7acb566b, SHARE UPDATE EXCLUSIVE on
--        public.segue_visits_shop_id_idx_62b161a4, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_visits_2024_visits_shop_id_idx_7acb566b') AND inhparent = pg_catalog.to_regclass('public.segue_visits_shop_id_idx_62b161a4')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.segue_visits_shop_id_idx_62b161a4 ATTACH PARTITION public.segue_visits_2024_visits_shop_id_idx_7acb566b;
COMMIT;
\endif

-- ── 3.14  Attach public.segue_visits_2024_a_visits_shop_id_idx_0a607e5f ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.visits_2024_a, ACCESS EXCLUSIVE on
--        public.segue_visits_2024_a_visits_shop_id_idx_0a607e5f, SHARE UPDATE EXCLUSIVE on
--        public.segue_visits_2024_visits_shop_id_idx_7acb566b, ACCESS EXCLUSIVE on public.visits,
--        for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_visits_2024_a_visits_shop_id_idx_0a607e5f') AND inhparent = pg_catalog.to_regclass('public.segue_visits_2024_visits_shop_id_idx_7acb566b')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '100ms';
ALTER INDEX public.segue_visits_2024_visits_shop_id_idx_7acb566b ATTACH PARTITION public.segue_visits_2024_a_visits_shop_id_idx_0a607e5f;
COMMIT;
\endif

-- ── 3.15  Attach public.segue_visits_2024_b_visits_shop_id_idx_c41deedc ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.visits_2024_b, ACCESS EXCLUSIVE on
--        public.segue_visits_2024_b_visits_shop_id_idx_c41deedc, SHARE UPDATE EXCLUSIVE on
--        public.segue_visits_2024_visits_shop_id_idx_7acb566b, ACCESS EXCLUSIVE on public.visits,
--        for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.segue_visits_2024_b_visits_shop_id_idx_c41deedc') AND inhparent = pg_catalog.to_regclass('public.segue_visits_2024_visits_shop_id_idx_7acb566b')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '100ms';
ALTER INDEX public.segue_visits_2024_visits_shop_id_idx_7acb566b ATTACH PARTITION public.segue_visits_2024_b_visits_shop_id_idx_c41deedc;
COMMIT;
\endif

-- ── 3.16  Add 2 constraints to public.shops ──
-- why    that the copy of id is id as bigint is proven, and stays so; segue_id_as_bigint_7eaff00d
--        may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.shops, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.shops DROP CONSTRAINT IF EXISTS segue_id_as_bigint_1bb378af; ALTER
--        TABLE public.shops DROP CONSTRAINT IF EXISTS
--        segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.shops') AND conname = 'segue_id_as_bigint_1bb378af')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.shops') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.shops
  ADD CONSTRAINT segue_id_as_bigint_1bb378af CHECK (NOT pg_catalog.record_image_ne(ROW(segue_id_as_bigint_7eaff00d), ROW(id::bigint))) NOT VALID,
  ADD CONSTRAINT segue_segue_id_as_bigint_7eaff00d_not_null_7b197021 CHECK (segue_id_as_bigint_7eaff00d IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.17  Add 3 constraints to public.visits ──
-- why    that the copy of shop_id is shop_id as bigint is proven, and stays so; that the copy of id
--        is id as bigint is proven, and stays so; segue_id_as_bigint_7eaff00d may not be NULL any
--        more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS segue_shop_id_as_bigint_1f7fbbc0;
--        ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS segue_id_as_bigint_1bb378af; ALTER
--        TABLE public.visits DROP CONSTRAINT IF EXISTS
--        segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
-- from   line 1: widen shops.id -> bigint
-- from   line 2: widen visits.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_shop_id_as_bigint_1f7fbbc0')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_id_as_bigint_1bb378af')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '160ms';
ALTER TABLE public.visits
  ADD CONSTRAINT segue_shop_id_as_bigint_1f7fbbc0 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_shop_id_as_bigint_c18e2676), ROW(shop_id::bigint))) NOT VALID,
  ADD CONSTRAINT segue_id_as_bigint_1bb378af CHECK (NOT pg_catalog.record_image_ne(ROW(segue_id_as_bigint_7eaff00d), ROW(id::bigint))) NOT VALID,
  ADD CONSTRAINT segue_segue_id_as_bigint_7eaff00d_not_null_7b197021 CHECK (segue_id_as_bigint_7eaff00d IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.18  Add segue_visits_shop_id_fkey_a0b1d42c to public.visits_2023 ──
-- why    as visits_shop_id_fkey, over the new column; NOT VALID: binds new writes at once and reads
--        no row
-- locks  SHARE ROW EXCLUSIVE on public.visits_2023, SHARE ROW EXCLUSIVE on public.shops, for a
--        moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.visits_2023 DROP CONSTRAINT IF EXISTS
--        segue_visits_shop_id_fkey_a0b1d42c;
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits_2023') AND conname = 'segue_visits_shop_id_fkey_a0b1d42c') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits_2023
  ADD CONSTRAINT segue_visits_shop_id_fkey_a0b1d42c FOREIGN KEY (segue_shop_id_as_bigint_c18e2676) REFERENCES public.shops (segue_id_as_bigint_7eaff00d) ON DELETE CASCADE NOT VALID;
COMMIT;
\endif

-- ── 3.19  Add segue_visits_shop_id_fkey_a0b1d42c to public.visits_2024_a ──
-- why    as visits_shop_id_fkey, over the new column; NOT VALID: binds new writes at once and reads
--        no row
-- locks  SHARE ROW EXCLUSIVE on public.visits_2024_a, SHARE ROW EXCLUSIVE on public.shops, for a
--        moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.visits_2024_a DROP CONSTRAINT IF EXISTS
--        segue_visits_shop_id_fkey_a0b1d42c;
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits_2024_a') AND conname = 'segue_visits_shop_id_fkey_a0b1d42c') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits_2024_a
  ADD CONSTRAINT segue_visits_shop_id_fkey_a0b1d42c FOREIGN KEY (segue_shop_id_as_bigint_c18e2676) REFERENCES public.shops (segue_id_as_bigint_7eaff00d) ON DELETE CASCADE NOT VALID;
COMMIT;
\endif

-- ── 3.20  Add segue_visits_shop_id_fkey_a0b1d42c to public.visits_2024_b ──
-- why    as visits_shop_id_fkey, over the new column; NOT VALID: binds new writes at once and reads
--        no row
-- locks  SHARE ROW EXCLUSIVE on public.visits_2024_b, SHARE ROW EXCLUSIVE on public.shops, for a
--        moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.visits_2024_b DROP CONSTRAINT IF EXISTS
--        segue_visits_shop_id_fkey_a0b1d42c;
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits_2024_b') AND conname = 'segue_visits_shop_id_fkey_a0b1d42c') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits_2024_b
  ADD CONSTRAINT segue_visits_shop_id_fkey_a0b1d42c FOREIGN KEY (segue_shop_id_as_bigint_c18e2676) REFERENCES public.shops (segue_id_as_bigint_7eaff00d) ON DELETE CASCADE NOT VALID;
COMMIT;
\endif

-- ── 3.21  Validate public.shops ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.shops
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.shops') AND conname = 'segue_id_as_bigint_1bb378af' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.shops') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.shops
  VALIDATE CONSTRAINT segue_id_as_bigint_1bb378af,
  VALIDATE CONSTRAINT segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
COMMIT;
\endif

-- ── 3.22  Validate public.visits ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.visits
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: widen shops.id -> bigint
-- from   line 2: widen visits.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_shop_id_as_bigint_1f7fbbc0' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_id_as_bigint_1bb378af' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits
  VALIDATE CONSTRAINT segue_shop_id_as_bigint_1f7fbbc0,
  VALIDATE CONSTRAINT segue_id_as_bigint_1bb378af,
  VALIDATE CONSTRAINT segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
COMMIT;
\endif

-- ── 3.23  Validate public.visits_2023 ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.visits_2023, ROW SHARE on public.shops
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits_2023') AND conname = 'segue_visits_shop_id_fkey_a0b1d42c' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits_2023
  VALIDATE CONSTRAINT segue_visits_shop_id_fkey_a0b1d42c;
COMMIT;
\endif

-- ── 3.24  Validate public.visits_2024_a ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.visits_2024_a, ROW SHARE on public.shops
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits_2024_a') AND conname = 'segue_visits_shop_id_fkey_a0b1d42c' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits_2024_a
  VALIDATE CONSTRAINT segue_visits_shop_id_fkey_a0b1d42c;
COMMIT;
\endif

-- ── 3.25  Validate public.visits_2024_b ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.visits_2024_b, ROW SHARE on public.shops
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits_2024_b') AND conname = 'segue_visits_shop_id_fkey_a0b1d42c' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits_2024_b
  VALIDATE CONSTRAINT segue_visits_shop_id_fkey_a0b1d42c;
COMMIT;
\endif

-- ── 3.26  Add segue_visits_shop_id_fkey_a0b1d42c to public.visits ──
-- why    it takes over those of the partitions, proven as they are: no row is read
-- locks  SHARE ROW EXCLUSIVE on public.visits, ACCESS EXCLUSIVE on public.shops, SHARE ROW
--        EXCLUSIVE on public.visits_2023, SHARE ROW EXCLUSIVE on public.visits_2024, SHARE ROW
--        EXCLUSIVE on public.visits_2024_a, SHARE ROW EXCLUSIVE on public.visits_2024_b, for a
--        moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS segue_visits_shop_id_fkey_a0b1d42c;
-- from   line 1: widen shops.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_visits_shop_id_fkey_a0b1d42c') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '66ms';
ALTER TABLE public.visits ADD CONSTRAINT segue_visits_shop_id_fkey_a0b1d42c FOREIGN KEY (segue_shop_id_as_bigint_c18e2676) REFERENCES public.shops (segue_id_as_bigint_7eaff00d) ON DELETE CASCADE;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
