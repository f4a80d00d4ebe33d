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

SELECT segue.enter('input', '', 3, '5ef87323c162de1e77ca4c24b56bfcf184f8bc1d2f60f2b8a14429bf794e2597') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for duplicates under docs_title_once ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.docs
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 3: unique index docs((lower(title)) collate "C" text_pattern_ops) as docs_title_once
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.docs_title_once') AND indisvalid) AS segue_done \gset
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
SELECT ((lower(title)))::text, count(*)::text FROM public.docs WHERE ((lower(title))) IS NOT NULL GROUP BY ((lower(title))) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.docs holds duplicates that docs_title_once does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.2  Build public.docs_title_once ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.docs
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.docs_title_once;
-- from   line 3: unique index docs((lower(title)) collate "C" text_pattern_ops) as docs_title_once
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.docs_title_once') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.docs_title_once;
CREATE UNIQUE INDEX CONCURRENTLY docs_title_once ON public.docs ((lower(title)) COLLATE "C" text_pattern_ops);
\endif

-- ── 3.3  Build public.docs_title_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.docs
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.docs_title_idx;
-- from   line 1: index docs(title)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.docs_title_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.docs_title_idx;
CREATE INDEX CONCURRENTLY docs_title_idx ON public.docs (title);
\endif

-- ── 3.4  Build public.docs_rank_at_title_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.docs
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.docs_rank_at_title_idx;
-- from   line 2: index docs(rank desc nulls last, at) include (title) where (rank > 3) with
--        (fillfactor = 80)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.docs_rank_at_title_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.docs_rank_at_title_idx;
CREATE INDEX CONCURRENTLY docs_rank_at_title_idx ON public.docs (rank DESC NULLS LAST, at) INCLUDE (title) WITH (fillfactor = 80) WHERE (rank > 3);
\endif

-- ── 3.5  Build public.docs_tags ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.docs
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.docs_tags;
-- from   line 4: index docs(tags) using gin as docs_tags
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.docs_tags') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.docs_tags;
CREATE INDEX CONCURRENTLY docs_tags ON public.docs USING gin (tags);
\endif

-- ── 3.6  Build public.docs_at_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.docs
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.docs_at_idx;
-- from   line 5: index docs(at) using brin with (pages_per_range = 16)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.docs_at_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.docs_at_idx;
CREATE INDEX CONCURRENTLY docs_at_idx ON public.docs USING brin (at) WITH (pages_per_range = 16);
\endif

-- ── 3.7  Build public.docs_body_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.docs
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.docs_body_idx;
-- from   line 6: index docs(body) using hash
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.docs_body_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.docs_body_idx;
CREATE INDEX CONCURRENTLY docs_body_idx ON public.docs USING hash (body);
\endif

-- ── 3.8  Build public.docs_length_expr_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.docs
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.docs_length_expr_idx;
-- from   line 7: index docs((length(body)), (rank + 1) desc)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.docs_length_expr_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.docs_length_expr_idx;
CREATE INDEX CONCURRENTLY docs_length_expr_idx ON public.docs ((length(body)), (rank + 1) DESC);
\endif

SELECT segue.leave('input', 3) AS "phase complete";
