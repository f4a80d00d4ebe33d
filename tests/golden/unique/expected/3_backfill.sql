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

SELECT segue.enter('input', '', 3, '3b283e1ce29ece32640df28ee7b69fbc2d0643fa1078656b3eb02d845267271e') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for duplicates under seats_hall_nr_key ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.seats
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: unique seats(hall, nr)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.seats_hall_nr_key') AND indisvalid) AS segue_done \gset
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
SELECT (hall)::text, (nr)::text, count(*)::text FROM public.seats WHERE (hall) IS NOT NULL AND (nr) IS NOT NULL GROUP BY (hall), (nr) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.seats holds duplicates that seats_hall_nr_key does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.2  Look for duplicates under seats_code_once ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.seats
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 2: unique seats(code) as seats_code_once
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.seats_code_once') AND indisvalid) AS segue_done \gset
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
SELECT (code)::text, count(*)::text FROM public.seats WHERE (code) IS NOT NULL GROUP BY (code) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.seats holds duplicates that seats_code_once does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.3  Build public.seats_hall_nr_key ──
-- why    CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on
-- locks  SHARE UPDATE EXCLUSIVE on public.seats
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.seats_hall_nr_key;
-- from   line 1: unique seats(hall, nr)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.seats_hall_nr_key') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.seats_hall_nr_key;
CREATE UNIQUE INDEX CONCURRENTLY seats_hall_nr_key ON public.seats (hall, nr);
\endif

-- ── 3.4  Build public.seats_code_once ──
-- why    CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on
-- locks  SHARE UPDATE EXCLUSIVE on public.seats
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.seats_code_once;
-- from   line 2: unique seats(code) as seats_code_once
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.seats_code_once') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.seats_code_once;
CREATE UNIQUE INDEX CONCURRENTLY seats_code_once ON public.seats (code);
\endif

SELECT segue.leave('input', 3) AS "phase complete";
