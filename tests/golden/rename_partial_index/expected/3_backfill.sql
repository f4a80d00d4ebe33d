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

SELECT segue.enter('input', '', 3, 'a0bb120af6d6798a3c0bc691cb283eb945f0f56a27889c1bff06cfc98a3dd868') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.tickets ──
-- why    in small batches, until resolved_on is closed_on on every row
-- locks  ROW EXCLUSIVE on public.tickets
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename tickets.closed_on -> resolved_on
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.tickets: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.tickets'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.tickets
   SET resolved_on = closed_on
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (resolved_on IS DISTINCT FROM closed_on);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_tickets_one_open_idx_e76d18a8 ──
-- why    as tickets_one_open_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.tickets
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_tickets_one_open_idx_e76d18a8;
-- from   line 1: rename tickets.closed_on -> resolved_on
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_tickets_one_open_idx_e76d18a8') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_tickets_one_open_idx_e76d18a8;
CREATE UNIQUE INDEX CONCURRENTLY segue_tickets_one_open_idx_e76d18a8 ON public.tickets (owner) WHERE ((resolved_on IS NULL) AND (owner <> 'closed_on'::text));
\endif

-- ── 3.3  Build public.segue_tickets_closed_idx_69c47db1 ──
-- why    as tickets_closed_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.tickets
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_tickets_closed_idx_69c47db1;
-- from   line 1: rename tickets.closed_on -> resolved_on
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_tickets_closed_idx_69c47db1') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_tickets_closed_idx_69c47db1;
CREATE INDEX CONCURRENTLY segue_tickets_closed_idx_69c47db1 ON public.tickets (resolved_on DESC) WHERE (resolved_on IS NOT NULL);
\endif

-- ── 3.4  Build public.segue_tickets_open_idx_d9781115 ──
-- why    as tickets_open_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.tickets
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_tickets_open_idx_d9781115;
-- from   line 1: rename tickets.closed_on -> resolved_on
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_tickets_open_idx_d9781115') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_tickets_open_idx_d9781115;
CREATE INDEX CONCURRENTLY segue_tickets_open_idx_d9781115 ON public.tickets (owner) WHERE (resolved_on IS NULL);
\endif

-- ── 3.5  Add segue_resolved_on_is_closed_on_bfb5aef5 to public.tickets ──
-- why    that resolved_on is closed_on is proven, and stays so; NOT VALID: binds new writes at once
--        and reads no row
-- locks  ACCESS EXCLUSIVE on public.tickets, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.tickets DROP CONSTRAINT IF EXISTS
--        segue_resolved_on_is_closed_on_bfb5aef5;
-- from   line 1: rename tickets.closed_on -> resolved_on
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tickets') AND conname = 'segue_resolved_on_is_closed_on_bfb5aef5') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.tickets
  ADD CONSTRAINT segue_resolved_on_is_closed_on_bfb5aef5 CHECK (NOT pg_catalog.record_image_ne(ROW(closed_on), ROW(resolved_on))) NOT VALID;
COMMIT;
\endif

-- ── 3.6  Validate public.tickets ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.tickets
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename tickets.closed_on -> resolved_on
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tickets') AND conname = 'segue_resolved_on_is_closed_on_bfb5aef5' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.tickets
  VALIDATE CONSTRAINT segue_resolved_on_is_closed_on_bfb5aef5;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
