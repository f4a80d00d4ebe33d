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

SELECT segue.enter('input', '', 3, '9cef7e488db7977fb48970f9410fb1b39c1428499053ccc8a64a49ce414b90c9') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for duplicates under hits_id_day_idx ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.hits
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 2: unique index hits(id, day)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.hits_id_day_idx') AND indisvalid) AS segue_done \gset
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
SELECT (id)::text, (day)::text, count(*)::text FROM public.hits WHERE (id) IS NOT NULL AND (day) IS NOT NULL GROUP BY (id), (day) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.hits holds duplicates that hits_id_day_idx does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.2  Build public.hits_id_day_idx ──
-- why    the parent's index is only a name until every partition's is attached
-- locks  SHARE on public.hits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP INDEX IF EXISTS public.hits_id_day_idx; DROP INDEX IF EXISTS
--        public.hits_a_id_day_idx; DROP INDEX IF EXISTS public.hits_b_id_day_idx;
-- from   line 2: unique index hits(id, day)
SELECT pg_catalog.to_regclass('public.hits_id_day_idx') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE UNIQUE INDEX hits_id_day_idx ON ONLY public.hits (id, day);
COMMIT;
\endif

-- ── 3.3  Build public.hits_a_id_day_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.hits_a
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 2: unique index hits(id, day)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.hits_a_id_day_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.hits_a_id_day_idx;
CREATE UNIQUE INDEX CONCURRENTLY hits_a_id_day_idx ON public.hits_a (id, day);
\endif

-- ── 3.4  Build public.hits_b_id_day_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.hits_b
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 2: unique index hits(id, day)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.hits_b_id_day_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.hits_b_id_day_idx;
CREATE UNIQUE INDEX CONCURRENTLY hits_b_id_day_idx ON public.hits_b (id, day);
\endif

-- ── 3.5  Build public.hits_path_day_idx ──
-- why    the parent's index is only a name until every partition's is attached
-- locks  SHARE on public.hits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP INDEX IF EXISTS public.hits_path_day_idx; DROP INDEX IF EXISTS
--        public.hits_a_path_day_idx; DROP INDEX IF EXISTS public.hits_b_path_day_idx;
-- from   line 1: index hits(path, day)
SELECT pg_catalog.to_regclass('public.hits_path_day_idx') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE INDEX hits_path_day_idx ON ONLY public.hits (path, day);
COMMIT;
\endif

-- ── 3.6  Build public.hits_a_path_day_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.hits_a
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: index hits(path, day)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.hits_a_path_day_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.hits_a_path_day_idx;
CREATE INDEX CONCURRENTLY hits_a_path_day_idx ON public.hits_a (path, day);
\endif

-- ── 3.7  Build public.hits_b_path_day_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.hits_b
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 1: index hits(path, day)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.hits_b_path_day_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.hits_b_path_day_idx;
CREATE INDEX CONCURRENTLY hits_b_path_day_idx ON public.hits_b (path, day);
\endif

-- ── 3.8  Attach public.hits_a_id_day_idx ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.hits_a, ACCESS EXCLUSIVE on public.hits_a_id_day_idx, SHARE UPDATE
--        EXCLUSIVE on public.hits_id_day_idx, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 2: unique index hits(id, day)
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.hits_a_id_day_idx') AND inhparent = pg_catalog.to_regclass('public.hits_id_day_idx')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.hits_id_day_idx ATTACH PARTITION public.hits_a_id_day_idx;
COMMIT;
\endif

-- ── 3.9  Attach public.hits_b_id_day_idx ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.hits_b, ACCESS EXCLUSIVE on public.hits_b_id_day_idx, SHARE UPDATE
--        EXCLUSIVE on public.hits_id_day_idx, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 2: unique index hits(id, day)
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.hits_b_id_day_idx') AND inhparent = pg_catalog.to_regclass('public.hits_id_day_idx')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.hits_id_day_idx ATTACH PARTITION public.hits_b_id_day_idx;
COMMIT;
\endif

-- ── 3.10  Attach public.hits_a_path_day_idx ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.hits_a, ACCESS EXCLUSIVE on public.hits_a_path_day_idx, SHARE
--        UPDATE EXCLUSIVE on public.hits_path_day_idx, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: index hits(path, day)
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.hits_a_path_day_idx') AND inhparent = pg_catalog.to_regclass('public.hits_path_day_idx')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.hits_path_day_idx ATTACH PARTITION public.hits_a_path_day_idx;
COMMIT;
\endif

-- ── 3.11  Attach public.hits_b_path_day_idx ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.hits_b, ACCESS EXCLUSIVE on public.hits_b_path_day_idx, SHARE
--        UPDATE EXCLUSIVE on public.hits_path_day_idx, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 1: index hits(path, day)
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.hits_b_path_day_idx') AND inhparent = pg_catalog.to_regclass('public.hits_path_day_idx')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.hits_path_day_idx ATTACH PARTITION public.hits_b_path_day_idx;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
