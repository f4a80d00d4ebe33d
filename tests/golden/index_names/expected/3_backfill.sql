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

SELECT segue.enter('input', '', 3, '4d131d792ace669c4ebfe688fdfa5d3c46fe260d5f6f703361aaa3ecb30b5d58') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Build public.t_coalesce_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_coalesce_idx;
-- from   line 1: index t(coalesce(a, 0))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_coalesce_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_coalesce_idx;
CREATE INDEX CONCURRENTLY t_coalesce_idx ON public.t ((coalesce(a, 0)));
\endif

-- ── 3.2  Build public.t_a_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_a_idx;
-- from   line 2: index t((a::text))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_a_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_a_idx;
CREATE INDEX CONCURRENTLY t_a_idx ON public.t ((a::text));
\endif

-- ── 3.3  Build public.t_b_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_b_idx;
-- from   line 3: index t(b collate "C")
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_b_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_b_idx;
CREATE INDEX CONCURRENTLY t_b_idx ON public.t (b COLLATE "C");
\endif

-- ── 3.4  Build public.t_case_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_case_idx;
-- from   line 4: index t((case when a > 1 then a else 2 end))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_case_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_case_idx;
CREATE INDEX CONCURRENTLY t_case_idx ON public.t ((case when a > 1 then a else 2 end));
\endif

-- ── 3.5  Build public.t_case_idx1 ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_case_idx1;
-- from   line 5: index t((case when a > 1 then 1 else 2 end))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_case_idx1') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_case_idx1;
CREATE INDEX CONCURRENTLY t_case_idx1 ON public.t ((case when a > 1 then 1 else 2 end));
\endif

-- ── 3.6  Build public.t_slug_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_slug_idx;
-- from   line 6: index t(public.slug(b))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_slug_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_slug_idx;
CREATE INDEX CONCURRENTLY t_slug_idx ON public.t ((public.slug(b)));
\endif

-- ── 3.7  Build public.t_nullif_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_nullif_idx;
-- from   line 7: index t((nullif(a, 1)))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_nullif_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_nullif_idx;
CREATE INDEX CONCURRENTLY t_nullif_idx ON public.t ((nullif(a, 1)));
\endif

-- ── 3.8  Build public.t_greatest_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_greatest_idx;
-- from   line 8: index t((greatest(a, 1)))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_greatest_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_greatest_idx;
CREATE INDEX CONCURRENTLY t_greatest_idx ON public.t ((greatest(a, 1)));
\endif

-- ── 3.9  Build public.t_least_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_least_idx;
-- from   line 9: index t((least(a, 1)))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_least_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_least_idx;
CREATE INDEX CONCURRENTLY t_least_idx ON public.t ((least(a, 1)));
\endif

-- ── 3.10  Build public.t_array_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_array_idx;
-- from   line 10: index t((array[a, 1]))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_array_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_array_idx;
CREATE INDEX CONCURRENTLY t_array_idx ON public.t ((array[a, 1]));
\endif

-- ── 3.11  Build public.t_expr_expr1_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_expr_expr1_idx;
-- from   line 11: index t((a + 1), (a + 2))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_expr_expr1_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_expr_expr1_idx;
CREATE INDEX CONCURRENTLY t_expr_expr1_idx ON public.t ((a + 1), (a + 2));
\endif

-- ── 3.12  Build public.t_lower_lower1_a_b_a1_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_lower_lower1_a_b_a1_idx;
-- from   line 12: index t(lower(b), lower(b || '!'), a, b) include (a)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_lower_lower1_a_b_a1_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_lower_lower1_a_b_a1_idx;
CREATE INDEX CONCURRENTLY t_lower_lower1_a_b_a1_idx ON public.t ((lower(b)), (lower(b || '!')), a, b) INCLUDE (a);
\endif

-- ── 3.13  Build public.t_int8_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_int8_idx;
-- from   line 13: index t(((a + 1)::bigint))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_int8_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_int8_idx;
CREATE INDEX CONCURRENTLY t_int8_idx ON public.t (((a + 1)::bigint));
\endif

-- ── 3.14  Build public.t_c_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_c_idx;
-- from   line 14: index t((c[1]))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_c_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_c_idx;
CREATE INDEX CONCURRENTLY t_c_idx ON public.t ((c[1]));
\endif

-- ── 3.15  Build public.t_expr_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_expr_idx;
-- from   line 15: index t((d -> 'x'))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_expr_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_expr_idx;
CREATE INDEX CONCURRENTLY t_expr_idx ON public.t ((d -> 'x'));
\endif

-- ── 3.16  Build public.t_int8_idx1 ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_int8_idx1;
-- from   line 16: index t((1::bigint))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_int8_idx1') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_int8_idx1;
CREATE INDEX CONCURRENTLY t_int8_idx1 ON public.t ((1::bigint));
\endif

-- ── 3.17  Build public.t_expr_idx1 ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.t
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.t_expr_idx1;
-- from   line 17: index t(((a, b) = (1, 'x')))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.t_expr_idx1') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.t_expr_idx1;
CREATE INDEX CONCURRENTLY t_expr_idx1 ON public.t (((a, b) = (1, 'x')));
\endif

SELECT segue.leave('input', 3) AS "phase complete";
