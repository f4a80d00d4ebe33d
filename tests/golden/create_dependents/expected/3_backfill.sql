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

SELECT segue.enter('input', '', 3, '21a295782d76d8c271b76f6f97f23c5c0a0ab916eba47b54208c9562c765a3c3') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for rows that break regions_name_check ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.regions
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 7: check regions (length(name) < 100)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.regions WHERE (length(name) < 100) IS FALSE
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.regions break regions_name_check'
      USING DETAIL = found, HINT = 'mend them, or say `repair column = …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Look for rows without a match under depots_region_id_fkey ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.depots, ACCESS SHARE on public.regions
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 12: reference depots(region_id) -> regions
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT ctid::text, region_id::text FROM public.depots WHERE depots.region_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.regions AS segue_target WHERE segue_target.id = depots.region_id)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.depots reference nothing in public.regions'
      USING DETAIL = found, HINT = 'mend them, or say `repair column = …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.3  Fill public.orders ──
-- why    in small batches, until kind has a value and town is place on every row
-- locks  ROW EXCLUSIVE on public.orders
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 4: add orders.kind kind required
-- from   line 8: rename orders.place -> town
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
   SET kind = coalesce(kind, 'walk-in'), town = place
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (kind IS NULL
     OR town IS DISTINCT FROM place);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.4  Look for rows without a match under orders_region_id_fkey ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.orders, ACCESS SHARE on public.regions
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: reference orders(region_id) -> regions(id) on delete set null
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, region_id::text FROM public.orders WHERE orders.region_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.regions AS segue_target WHERE segue_target.id = orders.region_id)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.orders reference nothing in public.regions'
      USING DETAIL = found, HINT = 'mend them, or say `repair column = …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.5  Look for duplicates under regions_code_key ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.regions
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 6: unique regions(code)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.regions_code_key') AND indisvalid) AS segue_done \gset
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
SELECT (code)::text, count(*)::text FROM public.regions WHERE (code) IS NOT NULL GROUP BY (code) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.regions holds duplicates that regions_code_key does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.6  Look for duplicates under depots_pkey ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.depots
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 13: primary key depots(nr)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.depots_pkey') AND indisvalid) AS segue_done \gset
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
SELECT (nr)::text, count(*)::text FROM public.depots WHERE (nr) IS NOT NULL GROUP BY (nr) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.depots holds duplicates that depots_pkey does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.7  Build public.depots_pkey ──
-- why    CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on
-- locks  SHARE UPDATE EXCLUSIVE on public.depots
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.depots_pkey;
-- from   line 13: primary key depots(nr)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.depots_pkey') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.depots_pkey;
CREATE UNIQUE INDEX CONCURRENTLY depots_pkey ON public.depots (nr);
\endif

-- ── 3.8  Build public.regions_code_key ──
-- why    CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on
-- locks  SHARE UPDATE EXCLUSIVE on public.regions
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.regions_code_key;
-- from   line 6: unique regions(code)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.regions_code_key') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.regions_code_key;
CREATE UNIQUE INDEX CONCURRENTLY regions_code_key ON public.regions (code);
\endif

-- ── 3.9  Build public.regions_lower ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.regions
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.regions_lower;
-- from   line 2: index regions(lower(name)) as regions_lower
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.regions_lower') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.regions_lower;
CREATE INDEX CONCURRENTLY regions_lower ON public.regions ((lower(name)));
\endif

-- ── 3.10  Add 2 constraints to public.orders ──
-- why    kind may not be NULL any more; that town is place is proven, and stays so; NOT VALID:
--        binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_kind_not_null_b242ae0d; ALTER
--        TABLE public.orders DROP CONSTRAINT IF EXISTS segue_town_is_place_6c3ef5bc;
-- from   line 4: add orders.kind kind required
-- from   line 8: rename orders.place -> town
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_kind_not_null_b242ae0d')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_town_is_place_6c3ef5bc') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  ADD CONSTRAINT segue_kind_not_null_b242ae0d CHECK (kind IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_town_is_place_6c3ef5bc CHECK (NOT pg_catalog.record_image_ne(ROW(place), ROW(town))) NOT VALID;
COMMIT;
\endif

-- ── 3.11  Add regions_name_check to public.regions ──
-- why    regions_name_check binds every row from now on; NOT VALID: binds new writes at once and
--        reads no row
-- locks  ACCESS EXCLUSIVE on public.regions, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.regions DROP CONSTRAINT IF EXISTS regions_name_check;
-- from   line 7: check regions (length(name) < 100)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.regions') AND conname = 'regions_name_check') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.regions
  ADD CONSTRAINT regions_name_check CHECK (length(name) < 100) NOT VALID;
COMMIT;
\endif

-- ── 3.12  Add depots_region_id_fkey to public.depots ──
-- why    depots_region_id_fkey binds every row from now on; NOT VALID: binds new writes at once and
--        reads no row
-- locks  SHARE ROW EXCLUSIVE on public.depots, SHARE ROW EXCLUSIVE on public.regions, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.depots DROP CONSTRAINT IF EXISTS depots_region_id_fkey;
-- from   line 12: reference depots(region_id) -> regions
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.depots') AND conname = 'depots_region_id_fkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.depots
  ADD CONSTRAINT depots_region_id_fkey FOREIGN KEY (region_id) REFERENCES public.regions (id) NOT VALID;
COMMIT;
\endif

-- ── 3.13  Add orders_region_id_fkey to public.orders ──
-- why    orders_region_id_fkey binds every row from now on; NOT VALID: binds new writes at once and
--        reads no row
-- locks  SHARE ROW EXCLUSIVE on public.orders, SHARE ROW EXCLUSIVE on public.regions, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS orders_region_id_fkey;
-- from   line 1: reference orders(region_id) -> regions(id) on delete set null
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'orders_region_id_fkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  ADD CONSTRAINT orders_region_id_fkey FOREIGN KEY (region_id) REFERENCES public.regions (id) ON DELETE SET NULL NOT VALID;
COMMIT;
\endif

-- ── 3.14  Validate public.orders ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 4: add orders.kind kind required
-- from   line 8: rename orders.place -> town
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_kind_not_null_b242ae0d' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_town_is_place_6c3ef5bc' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  VALIDATE CONSTRAINT segue_kind_not_null_b242ae0d,
  VALIDATE CONSTRAINT segue_town_is_place_6c3ef5bc;
COMMIT;
\endif

-- ── 3.15  Validate public.regions ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.regions
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 7: check regions (length(name) < 100)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.regions') AND conname = 'regions_name_check' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.regions
  VALIDATE CONSTRAINT regions_name_check;
COMMIT;
\endif

-- ── 3.16  Validate public.depots ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.depots, ROW SHARE on public.regions
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 12: reference depots(region_id) -> regions
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.depots') AND conname = 'depots_region_id_fkey' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.depots
  VALIDATE CONSTRAINT depots_region_id_fkey;
COMMIT;
\endif

-- ── 3.17  Validate public.orders ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.orders, ROW SHARE on public.regions
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: reference orders(region_id) -> regions(id) on delete set null
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'orders_region_id_fkey' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  VALIDATE CONSTRAINT orders_region_id_fkey;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
