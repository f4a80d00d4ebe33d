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

SELECT segue.enter('input', '', 3, '3e8c2d276705a2585ca9531c9c375123db62f9f4551c616a5933c5eacf268809') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Build public.jobs_id_idx ──
-- why    the parent's index is only a name until every partition's is attached
-- locks  SHARE on public.jobs, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP INDEX IF EXISTS public.jobs_id_idx; DROP INDEX IF EXISTS public.jobs_new_id_idx; DROP
--        INDEX IF EXISTS public.jobs_rest_id_idx;
-- from   line 6: index jobs(id) where (stage < 'done')
SELECT pg_catalog.to_regclass('public.jobs_id_idx') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE INDEX jobs_id_idx ON ONLY public.jobs (id) WHERE (stage < 'done');
COMMIT;
\endif

-- ── 3.2  Build public.jobs_new_id_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.jobs_new
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 6: index jobs(id) where (stage < 'done')
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.jobs_new_id_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.jobs_new_id_idx;
CREATE INDEX CONCURRENTLY jobs_new_id_idx ON public.jobs_new (id) WHERE (stage < 'done');
\endif

-- ── 3.3  Build public.jobs_rest_id_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.jobs_rest
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 6: index jobs(id) where (stage < 'done')
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.jobs_rest_id_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.jobs_rest_id_idx;
CREATE INDEX CONCURRENTLY jobs_rest_id_idx ON public.jobs_rest (id) WHERE (stage < 'done');
\endif

-- ── 3.4  Attach public.jobs_new_id_idx ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.jobs_new, ACCESS EXCLUSIVE on public.jobs_new_id_idx, SHARE UPDATE
--        EXCLUSIVE on public.jobs_id_idx, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 6: index jobs(id) where (stage < 'done')
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.jobs_new_id_idx') AND inhparent = pg_catalog.to_regclass('public.jobs_id_idx')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.jobs_id_idx ATTACH PARTITION public.jobs_new_id_idx;
COMMIT;
\endif

-- ── 3.5  Attach public.jobs_rest_id_idx ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.jobs_rest, ACCESS EXCLUSIVE on public.jobs_rest_id_idx, SHARE
--        UPDATE EXCLUSIVE on public.jobs_id_idx, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 6: index jobs(id) where (stage < 'done')
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.jobs_rest_id_idx') AND inhparent = pg_catalog.to_regclass('public.jobs_id_idx')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.jobs_id_idx ATTACH PARTITION public.jobs_rest_id_idx;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
