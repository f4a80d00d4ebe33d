-- input · phase 3 of 4: backfill
-- Room for more than two billion users and orders
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

SELECT segue.enter('input', 'Room for more than two billion users and orders', 3, 'af010f061936bad94ec0de8b99809ba28acf8384a66370c30e011aea4bbb91b7') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.lines ──
-- why    in small batches, until the copy of order_id is order_id as bigint on every row
-- locks  ROW EXCLUSIVE on public.lines
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 4: widen orders.id -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.lines: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.lines'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.lines
   SET segue_order_id_as_bigint_4f3ef904 = order_id::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_order_id_as_bigint_4f3ef904), ROW(order_id::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Fill public.orders ──
-- why    in small batches, until the copy of user_id is user_id as bigint and the copy of id is id
--        as bigint on every row
-- locks  ROW EXCLUSIVE on public.orders
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 3: widen users.id -> bigint
-- from   line 4: widen orders.id -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.orders: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.orders'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.orders
   SET segue_user_id_as_bigint_71f436c7 = user_id::bigint, segue_id_as_bigint_7eaff00d = id::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_user_id_as_bigint_71f436c7), ROW(user_id::bigint))
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

-- ── 3.3  Fill public.parcels ──
-- why    in small batches, until the copy of order_id is order_id as bigint on every row
-- locks  ROW EXCLUSIVE on public.parcels
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 4: widen orders.id -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.parcels: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.parcels'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.parcels
   SET segue_order_id_as_bigint_4f3ef904 = order_id::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_order_id_as_bigint_4f3ef904), ROW(order_id::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.4  Fill public.pictures ──
-- why    in small batches, until the copy of profile_id is profile_id as bigint on every row
-- locks  ROW EXCLUSIVE on public.pictures
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 3: widen users.id -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.pictures: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.pictures'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.pictures
   SET segue_profile_id_as_bigint_6879a163 = profile_id::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_profile_id_as_bigint_6879a163), ROW(profile_id::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.5  Fill public.profiles ──
-- why    in small batches, until the copy of user_id is user_id as bigint on every row
-- locks  ROW EXCLUSIVE on public.profiles
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 3: widen users.id -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.profiles: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.profiles'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.profiles
   SET segue_user_id_as_bigint_71f436c7 = user_id::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_user_id_as_bigint_71f436c7), ROW(user_id::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.6  Fill public.tagged ──
-- why    in small batches, until the copy of order_id is order_id as bigint and the copy of tag_id
--        is tag_id as integer on every row
-- locks  ROW EXCLUSIVE on public.tagged
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 4: widen orders.id -> bigint
-- from   line 5: widen tags.id -> integer batch 500
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.tagged: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.tagged'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.tagged
   SET segue_order_id_as_bigint_4f3ef904 = order_id::bigint, segue_tag_id_as_integer_8a4a60c7 = tag_id::integer
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_order_id_as_bigint_4f3ef904), ROW(order_id::bigint))
     OR pg_catalog.record_image_ne(ROW(segue_tag_id_as_integer_8a4a60c7), ROW(tag_id::integer)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.7  Fill public.tags ──
-- why    in small batches, until the copy of id is id as integer on every row
-- locks  ROW EXCLUSIVE on public.tags
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 5: widen tags.id -> integer batch 500
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.tags: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.tags'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.tags
   SET segue_id_as_integer_166700cc = id::integer
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_id_as_integer_166700cc), ROW(id::integer)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.8  Fill public.users ──
-- why    in small batches, until the copy of id is id as bigint and the copy of invited_by is
--        invited_by as bigint on every row
-- locks  ROW EXCLUSIVE on public.users
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 3: widen users.id -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.users: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.users'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.users
   SET segue_id_as_bigint_7eaff00d = id::bigint, segue_invited_by_as_bigint_0498ba7d = invited_by::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_id_as_bigint_7eaff00d), ROW(id::bigint))
     OR pg_catalog.record_image_ne(ROW(segue_invited_by_as_bigint_0498ba7d), ROW(invited_by::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.9  Build public.segue_lines_pkey_f98849c0 ──
-- why    as lines_pkey, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.lines
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_lines_pkey_f98849c0;
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_lines_pkey_f98849c0') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_lines_pkey_f98849c0;
CREATE UNIQUE INDEX CONCURRENTLY segue_lines_pkey_f98849c0 ON public.lines (segue_order_id_as_bigint_4f3ef904, line);
\endif

-- ── 3.10  Build public.segue_orders_pkey_a222d19c ──
-- why    as orders_pkey, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_pkey_a222d19c;
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_orders_pkey_a222d19c') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_pkey_a222d19c;
CREATE UNIQUE INDEX CONCURRENTLY segue_orders_pkey_a222d19c ON public.orders (segue_id_as_bigint_7eaff00d);
\endif

-- ── 3.11  Build public.segue_orders_user_id_idx_dabc23a4 ──
-- why    as orders_user_id_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_user_id_idx_dabc23a4;
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_orders_user_id_idx_dabc23a4') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_user_id_idx_dabc23a4;
CREATE INDEX CONCURRENTLY segue_orders_user_id_idx_dabc23a4 ON public.orders (segue_user_id_as_bigint_71f436c7);
\endif

-- ── 3.12  Build public.segue_profiles_pkey_069735f9 ──
-- why    as profiles_pkey, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.profiles
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_profiles_pkey_069735f9;
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_profiles_pkey_069735f9') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_profiles_pkey_069735f9;
CREATE UNIQUE INDEX CONCURRENTLY segue_profiles_pkey_069735f9 ON public.profiles (segue_user_id_as_bigint_71f436c7);
\endif

-- ── 3.13  Build public.segue_tags_pkey_e40eb528 ──
-- why    as tags_pkey, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.tags
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_tags_pkey_e40eb528;
-- from   line 5: widen tags.id -> integer batch 500
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_tags_pkey_e40eb528') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_tags_pkey_e40eb528;
CREATE UNIQUE INDEX CONCURRENTLY segue_tags_pkey_e40eb528 ON public.tags (segue_id_as_integer_166700cc);
\endif

-- ── 3.14  Build public.segue_users_pkey_a435770d ──
-- why    as users_pkey, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_pkey_a435770d;
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_users_pkey_a435770d') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_pkey_a435770d;
CREATE UNIQUE INDEX CONCURRENTLY segue_users_pkey_a435770d ON public.users (segue_id_as_bigint_7eaff00d);
\endif

-- ── 3.15  Add 2 constraints to public.lines ──
-- why    that the copy of order_id is order_id as bigint is proven, and stays so;
--        segue_order_id_as_bigint_4f3ef904 may not be NULL any more; NOT VALID: binds new writes at
--        once and reads no row
-- locks  ACCESS EXCLUSIVE on public.lines, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.lines DROP CONSTRAINT IF EXISTS segue_order_id_as_bigint_603b4a0e;
--        ALTER TABLE public.lines DROP CONSTRAINT IF EXISTS
--        segue_segue_order_id_as_bigint_4f3ef904_not_null_360289ba;
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_order_id_as_bigint_603b4a0e')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_segue_order_id_as_bigint_4f3ef904_not_null_360289ba') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.lines
  ADD CONSTRAINT segue_order_id_as_bigint_603b4a0e CHECK (NOT pg_catalog.record_image_ne(ROW(segue_order_id_as_bigint_4f3ef904), ROW(order_id::bigint))) NOT VALID,
  ADD CONSTRAINT segue_segue_order_id_as_bigint_4f3ef904_not_null_360289ba CHECK (segue_order_id_as_bigint_4f3ef904 IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.16  Add 4 constraints to public.orders ──
-- why    that the copy of user_id is user_id as bigint is proven, and stays so; that the copy of id
--        is id as bigint is proven, and stays so; segue_user_id_as_bigint_71f436c7 may not be NULL
--        any more; segue_id_as_bigint_7eaff00d may not be NULL any more; NOT VALID: binds new
--        writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_user_id_as_bigint_0d034d59; …
-- from   line 3: widen users.id -> bigint
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_user_id_as_bigint_0d034d59')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_id_as_bigint_1bb378af')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  ADD CONSTRAINT segue_user_id_as_bigint_0d034d59 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_user_id_as_bigint_71f436c7), ROW(user_id::bigint))) NOT VALID,
  ADD CONSTRAINT segue_id_as_bigint_1bb378af CHECK (NOT pg_catalog.record_image_ne(ROW(segue_id_as_bigint_7eaff00d), ROW(id::bigint))) NOT VALID,
  ADD CONSTRAINT segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b CHECK (segue_user_id_as_bigint_71f436c7 IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_segue_id_as_bigint_7eaff00d_not_null_7b197021 CHECK (segue_id_as_bigint_7eaff00d IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.17  Add segue_order_id_as_bigint_603b4a0e to public.parcels ──
-- why    that the copy of order_id is order_id as bigint is proven, and stays so; NOT VALID: binds
--        new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.parcels, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.parcels DROP CONSTRAINT IF EXISTS segue_order_id_as_bigint_603b4a0e;
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_order_id_as_bigint_603b4a0e') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.parcels
  ADD CONSTRAINT segue_order_id_as_bigint_603b4a0e CHECK (NOT pg_catalog.record_image_ne(ROW(segue_order_id_as_bigint_4f3ef904), ROW(order_id::bigint))) NOT VALID;
COMMIT;
\endif

-- ── 3.18  Add segue_profile_id_as_bigint_49e8ae15 to public.pictures ──
-- why    that the copy of profile_id is profile_id as bigint is proven, and stays so; NOT VALID:
--        binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.pictures, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.pictures DROP CONSTRAINT IF EXISTS segue_profile_id_as_bigint_49e8ae15;
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.pictures') AND conname = 'segue_profile_id_as_bigint_49e8ae15') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.pictures
  ADD CONSTRAINT segue_profile_id_as_bigint_49e8ae15 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_profile_id_as_bigint_6879a163), ROW(profile_id::bigint))) NOT VALID;
COMMIT;
\endif

-- ── 3.19  Add 2 constraints to public.profiles ──
-- why    that the copy of user_id is user_id as bigint is proven, and stays so;
--        segue_user_id_as_bigint_71f436c7 may not be NULL any more; NOT VALID: binds new writes at
--        once and reads no row
-- locks  ACCESS EXCLUSIVE on public.profiles, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.profiles DROP CONSTRAINT IF EXISTS segue_user_id_as_bigint_0d034d59;
--        ALTER TABLE public.profiles DROP CONSTRAINT IF EXISTS
--        segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b;
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.profiles') AND conname = 'segue_user_id_as_bigint_0d034d59')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.profiles') AND conname = 'segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.profiles
  ADD CONSTRAINT segue_user_id_as_bigint_0d034d59 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_user_id_as_bigint_71f436c7), ROW(user_id::bigint))) NOT VALID,
  ADD CONSTRAINT segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b CHECK (segue_user_id_as_bigint_71f436c7 IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.20  Add 2 constraints to public.tagged ──
-- why    that the copy of order_id is order_id as bigint is proven, and stays so; that the copy of
--        tag_id is tag_id as integer is proven, and stays so; NOT VALID: binds new writes at once
--        and reads no row
-- locks  ACCESS EXCLUSIVE on public.tagged, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.tagged DROP CONSTRAINT IF EXISTS segue_order_id_as_bigint_603b4a0e;
--        ALTER TABLE public.tagged DROP CONSTRAINT IF EXISTS segue_tag_id_as_integer_ee869b25;
-- from   line 4: widen orders.id -> bigint
-- from   line 5: widen tags.id -> integer batch 500
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tagged') AND conname = 'segue_order_id_as_bigint_603b4a0e')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tagged') AND conname = 'segue_tag_id_as_integer_ee869b25') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.tagged
  ADD CONSTRAINT segue_order_id_as_bigint_603b4a0e CHECK (NOT pg_catalog.record_image_ne(ROW(segue_order_id_as_bigint_4f3ef904), ROW(order_id::bigint))) NOT VALID,
  ADD CONSTRAINT segue_tag_id_as_integer_ee869b25 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_tag_id_as_integer_8a4a60c7), ROW(tag_id::integer))) NOT VALID;
COMMIT;
\endif

-- ── 3.21  Add 2 constraints to public.tags ──
-- why    that the copy of id is id as integer is proven, and stays so; segue_id_as_integer_166700cc
--        may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.tags, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.tags DROP CONSTRAINT IF EXISTS segue_id_as_integer_04cfe5aa; ALTER
--        TABLE public.tags DROP CONSTRAINT IF EXISTS
--        segue_segue_id_as_integer_166700cc_not_null_5f64e4ad;
-- from   line 5: widen tags.id -> integer batch 500
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tags') AND conname = 'segue_id_as_integer_04cfe5aa')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tags') AND conname = 'segue_segue_id_as_integer_166700cc_not_null_5f64e4ad') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.tags
  ADD CONSTRAINT segue_id_as_integer_04cfe5aa CHECK (NOT pg_catalog.record_image_ne(ROW(segue_id_as_integer_166700cc), ROW(id::integer))) NOT VALID,
  ADD CONSTRAINT segue_segue_id_as_integer_166700cc_not_null_5f64e4ad CHECK (segue_id_as_integer_166700cc IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.22  Add 3 constraints to public.users ──
-- why    that the copy of id is id as bigint is proven, and stays so; that the copy of invited_by
--        is invited_by as bigint is proven, and stays so; segue_id_as_bigint_7eaff00d may not be
--        NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_id_as_bigint_1bb378af; ALTER
--        TABLE public.users DROP CONSTRAINT IF EXISTS segue_invited_by_as_bigint_17d86f1f; ALTER
--        TABLE public.users DROP CONSTRAINT IF EXISTS
--        segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_id_as_bigint_1bb378af')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_invited_by_as_bigint_17d86f1f')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT segue_id_as_bigint_1bb378af CHECK (NOT pg_catalog.record_image_ne(ROW(segue_id_as_bigint_7eaff00d), ROW(id::bigint))) NOT VALID,
  ADD CONSTRAINT segue_invited_by_as_bigint_17d86f1f CHECK (NOT pg_catalog.record_image_ne(ROW(segue_invited_by_as_bigint_0498ba7d), ROW(invited_by::bigint))) NOT VALID,
  ADD CONSTRAINT segue_segue_id_as_bigint_7eaff00d_not_null_7b197021 CHECK (segue_id_as_bigint_7eaff00d IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.23  Add segue_lines_order_id_fkey_0d9eb6dd to public.lines ──
-- why    as lines_order_id_fkey, over the new column; NOT VALID: binds new writes at once and reads
--        no row
-- locks  SHARE ROW EXCLUSIVE on public.lines, SHARE ROW EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.lines DROP CONSTRAINT IF EXISTS segue_lines_order_id_fkey_0d9eb6dd;
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_lines_order_id_fkey_0d9eb6dd') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.lines
  ADD CONSTRAINT segue_lines_order_id_fkey_0d9eb6dd FOREIGN KEY (segue_order_id_as_bigint_4f3ef904) REFERENCES public.orders (segue_id_as_bigint_7eaff00d) ON DELETE CASCADE NOT VALID;
COMMIT;
\endif

-- ── 3.24  Add segue_logins_user_id_fkey_a4372c6d to public.logins ──
-- why    as logins_user_id_fkey, over the new column; NOT VALID: binds new writes at once and reads
--        no row
-- locks  SHARE ROW EXCLUSIVE on public.logins, SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.logins DROP CONSTRAINT IF EXISTS segue_logins_user_id_fkey_a4372c6d;
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.logins') AND conname = 'segue_logins_user_id_fkey_a4372c6d') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.logins
  ADD CONSTRAINT segue_logins_user_id_fkey_a4372c6d FOREIGN KEY (user_id) REFERENCES public.users (segue_id_as_bigint_7eaff00d) ON DELETE SET NULL NOT VALID;
COMMIT;
\endif

-- ── 3.25  Add segue_orders_user_id_fkey_99a13a2c to public.orders ──
-- why    as orders_user_id_fkey, over the new column; NOT VALID: binds new writes at once and reads
--        no row
-- locks  SHARE ROW EXCLUSIVE on public.orders, SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_orders_user_id_fkey_99a13a2c;
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_orders_user_id_fkey_99a13a2c') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  ADD CONSTRAINT segue_orders_user_id_fkey_99a13a2c FOREIGN KEY (segue_user_id_as_bigint_71f436c7) REFERENCES public.users (segue_id_as_bigint_7eaff00d) ON UPDATE CASCADE ON DELETE CASCADE NOT VALID;
COMMIT;
\endif

-- ── 3.26  Add segue_parcels_line_7c53cc42 to public.parcels ──
-- why    as parcels_line, over the new column; NOT VALID: binds new writes at once and reads no row
-- locks  SHARE ROW EXCLUSIVE on public.parcels, SHARE ROW EXCLUSIVE on public.lines, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.parcels DROP CONSTRAINT IF EXISTS segue_parcels_line_7c53cc42;
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_parcels_line_7c53cc42') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.parcels
  ADD CONSTRAINT segue_parcels_line_7c53cc42 FOREIGN KEY (segue_order_id_as_bigint_4f3ef904, line) REFERENCES public.lines (segue_order_id_as_bigint_4f3ef904, line) MATCH FULL ON UPDATE CASCADE NOT VALID;
COMMIT;
\endif

-- ── 3.27  Add segue_pictures_profile_id_fkey_ffbfa4a6 to public.pictures ──
-- why    as pictures_profile_id_fkey, over the new column; NOT VALID: binds new writes at once and
--        reads no row
-- locks  SHARE ROW EXCLUSIVE on public.pictures, SHARE ROW EXCLUSIVE on public.profiles, for a
--        moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.pictures DROP CONSTRAINT IF EXISTS
--        segue_pictures_profile_id_fkey_ffbfa4a6;
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.pictures') AND conname = 'segue_pictures_profile_id_fkey_ffbfa4a6') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.pictures
  ADD CONSTRAINT segue_pictures_profile_id_fkey_ffbfa4a6 FOREIGN KEY (segue_profile_id_as_bigint_6879a163) REFERENCES public.profiles (segue_user_id_as_bigint_71f436c7) DEFERRABLE INITIALLY DEFERRED NOT VALID;
COMMIT;
\endif

-- ── 3.28  Add segue_profiles_user_id_fkey_7f10dfc9 to public.profiles ──
-- why    as profiles_user_id_fkey, over the new column; NOT VALID: binds new writes at once and
--        reads no row
-- locks  SHARE ROW EXCLUSIVE on public.profiles, SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.profiles DROP CONSTRAINT IF EXISTS
--        segue_profiles_user_id_fkey_7f10dfc9;
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.profiles') AND conname = 'segue_profiles_user_id_fkey_7f10dfc9') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.profiles
  ADD CONSTRAINT segue_profiles_user_id_fkey_7f10dfc9 FOREIGN KEY (segue_user_id_as_bigint_71f436c7) REFERENCES public.users (segue_id_as_bigint_7eaff00d) ON DELETE CASCADE NOT VALID;
COMMIT;
\endif

-- ── 3.29  Add segue_tagged_order_id_fkey_53e17574 to public.tagged ──
-- why    as tagged_order_id_fkey, over the new column; NOT VALID: binds new writes at once and
--        reads no row
-- locks  SHARE ROW EXCLUSIVE on public.tagged, SHARE ROW EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.tagged DROP CONSTRAINT IF EXISTS segue_tagged_order_id_fkey_53e17574;
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tagged') AND conname = 'segue_tagged_order_id_fkey_53e17574') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.tagged
  ADD CONSTRAINT segue_tagged_order_id_fkey_53e17574 FOREIGN KEY (segue_order_id_as_bigint_4f3ef904) REFERENCES public.orders (segue_id_as_bigint_7eaff00d) NOT VALID;
COMMIT;
\endif

-- ── 3.30  Add segue_tagged_tag_id_fkey_87387884 to public.tagged ──
-- why    as tagged_tag_id_fkey, over the new column; NOT VALID: binds new writes at once and reads
--        no row
-- locks  SHARE ROW EXCLUSIVE on public.tagged, SHARE ROW EXCLUSIVE on public.tags, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.tagged DROP CONSTRAINT IF EXISTS segue_tagged_tag_id_fkey_87387884;
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tagged') AND conname = 'segue_tagged_tag_id_fkey_87387884') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.tagged
  ADD CONSTRAINT segue_tagged_tag_id_fkey_87387884 FOREIGN KEY (segue_tag_id_as_integer_8a4a60c7) REFERENCES public.tags (segue_id_as_integer_166700cc) NOT VALID;
COMMIT;
\endif

-- ── 3.31  Add segue_users_invited_by_fkey_f8535f71 to public.users ──
-- why    as users_invited_by_fkey, over the new column; NOT VALID: binds new writes at once and
--        reads no row
-- locks  SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_users_invited_by_fkey_f8535f71;
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_users_invited_by_fkey_f8535f71') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT segue_users_invited_by_fkey_f8535f71 FOREIGN KEY (segue_invited_by_as_bigint_0498ba7d) REFERENCES public.users (segue_id_as_bigint_7eaff00d) ON DELETE SET NULL NOT VALID;
COMMIT;
\endif

-- ── 3.32  Validate public.lines ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.lines
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_order_id_as_bigint_603b4a0e' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_segue_order_id_as_bigint_4f3ef904_not_null_360289ba' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.lines
  VALIDATE CONSTRAINT segue_order_id_as_bigint_603b4a0e,
  VALIDATE CONSTRAINT segue_segue_order_id_as_bigint_4f3ef904_not_null_360289ba;
COMMIT;
\endif

-- ── 3.33  Validate public.orders ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: widen users.id -> bigint
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_user_id_as_bigint_0d034d59' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_id_as_bigint_1bb378af' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  VALIDATE CONSTRAINT segue_user_id_as_bigint_0d034d59,
  VALIDATE CONSTRAINT segue_id_as_bigint_1bb378af,
  VALIDATE CONSTRAINT segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b,
  VALIDATE CONSTRAINT segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
COMMIT;
\endif

-- ── 3.34  Validate public.parcels ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.parcels
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_order_id_as_bigint_603b4a0e' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.parcels
  VALIDATE CONSTRAINT segue_order_id_as_bigint_603b4a0e;
COMMIT;
\endif

-- ── 3.35  Validate public.pictures ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.pictures
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.pictures') AND conname = 'segue_profile_id_as_bigint_49e8ae15' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.pictures
  VALIDATE CONSTRAINT segue_profile_id_as_bigint_49e8ae15;
COMMIT;
\endif

-- ── 3.36  Validate public.profiles ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.profiles
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.profiles') AND conname = 'segue_user_id_as_bigint_0d034d59' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.profiles') AND conname = 'segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.profiles
  VALIDATE CONSTRAINT segue_user_id_as_bigint_0d034d59,
  VALIDATE CONSTRAINT segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b;
COMMIT;
\endif

-- ── 3.37  Validate public.tagged ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.tagged
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 4: widen orders.id -> bigint
-- from   line 5: widen tags.id -> integer batch 500
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tagged') AND conname = 'segue_order_id_as_bigint_603b4a0e' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tagged') AND conname = 'segue_tag_id_as_integer_ee869b25' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.tagged
  VALIDATE CONSTRAINT segue_order_id_as_bigint_603b4a0e,
  VALIDATE CONSTRAINT segue_tag_id_as_integer_ee869b25;
COMMIT;
\endif

-- ── 3.38  Validate public.tags ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.tags
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 5: widen tags.id -> integer batch 500
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tags') AND conname = 'segue_id_as_integer_04cfe5aa' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tags') AND conname = 'segue_segue_id_as_integer_166700cc_not_null_5f64e4ad' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.tags
  VALIDATE CONSTRAINT segue_id_as_integer_04cfe5aa,
  VALIDATE CONSTRAINT segue_segue_id_as_integer_166700cc_not_null_5f64e4ad;
COMMIT;
\endif

-- ── 3.39  Validate public.users ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_id_as_bigint_1bb378af' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_invited_by_as_bigint_17d86f1f' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  VALIDATE CONSTRAINT segue_id_as_bigint_1bb378af,
  VALIDATE CONSTRAINT segue_invited_by_as_bigint_17d86f1f,
  VALIDATE CONSTRAINT segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
COMMIT;
\endif

-- ── 3.40  Validate public.lines ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.lines, ROW SHARE on public.orders
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_lines_order_id_fkey_0d9eb6dd' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.lines
  VALIDATE CONSTRAINT segue_lines_order_id_fkey_0d9eb6dd;
COMMIT;
\endif

-- ── 3.41  Validate public.logins ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.logins, ROW SHARE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.logins') AND conname = 'segue_logins_user_id_fkey_a4372c6d' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.logins
  VALIDATE CONSTRAINT segue_logins_user_id_fkey_a4372c6d;
COMMIT;
\endif

-- ── 3.42  Validate public.orders ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.orders, ROW SHARE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_orders_user_id_fkey_99a13a2c' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  VALIDATE CONSTRAINT segue_orders_user_id_fkey_99a13a2c;
COMMIT;
\endif

-- ── 3.43  Validate public.parcels ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.parcels, ROW SHARE on public.lines
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_parcels_line_7c53cc42' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.parcels
  VALIDATE CONSTRAINT segue_parcels_line_7c53cc42;
COMMIT;
\endif

-- ── 3.44  Validate public.pictures ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.pictures, ROW SHARE on public.profiles
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.pictures') AND conname = 'segue_pictures_profile_id_fkey_ffbfa4a6' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.pictures
  VALIDATE CONSTRAINT segue_pictures_profile_id_fkey_ffbfa4a6;
COMMIT;
\endif

-- ── 3.45  Validate public.profiles ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.profiles, ROW SHARE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.profiles') AND conname = 'segue_profiles_user_id_fkey_7f10dfc9' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.profiles
  VALIDATE CONSTRAINT segue_profiles_user_id_fkey_7f10dfc9;
COMMIT;
\endif

-- ── 3.46  Validate public.tagged ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.tagged, ROW SHARE on public.orders
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tagged') AND conname = 'segue_tagged_order_id_fkey_53e17574' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.tagged
  VALIDATE CONSTRAINT segue_tagged_order_id_fkey_53e17574;
COMMIT;
\endif

-- ── 3.47  Validate public.tagged ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.tagged, ROW SHARE on public.tags
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tagged') AND conname = 'segue_tagged_tag_id_fkey_87387884' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.tagged
  VALIDATE CONSTRAINT segue_tagged_tag_id_fkey_87387884;
COMMIT;
\endif

-- ── 3.48  Validate public.users ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_users_invited_by_fkey_f8535f71' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  VALIDATE CONSTRAINT segue_users_invited_by_fkey_f8535f71;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
