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

SELECT segue.enter('input', '', 3, 'eed8da34784318656d798b6879ad8e4ccb46fc609d2b9bfcec8114636f4559f9') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for rows without public.plain.id ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.plain
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: primary key plain(id)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT ctid::text FROM public.plain WHERE id IS NULL
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.plain have no id'
      USING DETAIL = found, HINT = 'give them a value, or say `backfill …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Look for rows without public.pairs.b ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.pairs
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 2: primary key pairs(b, a)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT ctid::text FROM public.pairs WHERE b IS NULL
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.pairs have no b'
      USING DETAIL = found, HINT = 'give them a value, or say `backfill …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.3  Look for duplicates under plain_pkey ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.plain
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: primary key plain(id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.plain_pkey') AND indisvalid) AS segue_done \gset
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
SELECT (id)::text, count(*)::text FROM public.plain WHERE (id) IS NOT NULL GROUP BY (id) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.plain holds duplicates that plain_pkey does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.4  Look for duplicates under pairs_pkey ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.pairs
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 2: primary key pairs(b, a)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.pairs_pkey') AND indisvalid) AS segue_done \gset
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
SELECT (b)::text, (a)::text, count(*)::text FROM public.pairs WHERE (b) IS NOT NULL AND (a) IS NOT NULL GROUP BY (b), (a) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.pairs holds duplicates that pairs_pkey does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.5  Look for duplicates under "Odd_pkey" ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public."Odd"
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 3: primary key "Odd"("Key")
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public."Odd_pkey"') AND indisvalid) AS segue_done \gset
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
SELECT ("Key")::text, count(*)::text FROM public."Odd" WHERE ("Key") IS NOT NULL GROUP BY ("Key") HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public."Odd" holds duplicates that "Odd_pkey" does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.6  Build public."Odd_pkey" ──
-- why    CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on
-- locks  SHARE UPDATE EXCLUSIVE on public."Odd"
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public."Odd_pkey";
-- from   line 3: primary key "Odd"("Key")
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public."Odd_pkey"') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public."Odd_pkey";
CREATE UNIQUE INDEX CONCURRENTLY "Odd_pkey" ON public."Odd" ("Key");
\endif

-- ── 3.7  Build public.pairs_pkey ──
-- why    CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on
-- locks  SHARE UPDATE EXCLUSIVE on public.pairs
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.pairs_pkey;
-- from   line 2: primary key pairs(b, a)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.pairs_pkey') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.pairs_pkey;
CREATE UNIQUE INDEX CONCURRENTLY pairs_pkey ON public.pairs (b, a);
\endif

-- ── 3.8  Build public.plain_pkey ──
-- why    CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on
-- locks  SHARE UPDATE EXCLUSIVE on public.plain
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.plain_pkey;
-- from   line 1: primary key plain(id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.plain_pkey') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.plain_pkey;
CREATE UNIQUE INDEX CONCURRENTLY plain_pkey ON public.plain (id);
\endif

-- ── 3.9  Add segue_b_not_null_38d7f1ff to public.pairs ──
-- why    b may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.pairs, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.pairs DROP CONSTRAINT IF EXISTS segue_b_not_null_38d7f1ff;
-- from   line 2: primary key pairs(b, a)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.pairs') AND conname = 'segue_b_not_null_38d7f1ff') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.pairs
  ADD CONSTRAINT segue_b_not_null_38d7f1ff CHECK (b IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.10  Add segue_id_not_null_b2a3b960 to public.plain ──
-- why    id may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.plain, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.plain DROP CONSTRAINT IF EXISTS segue_id_not_null_b2a3b960;
-- from   line 1: primary key plain(id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.plain') AND conname = 'segue_id_not_null_b2a3b960') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.plain
  ADD CONSTRAINT segue_id_not_null_b2a3b960 CHECK (id IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.11  Validate public.pairs ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.pairs
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 2: primary key pairs(b, a)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.pairs') AND conname = 'segue_b_not_null_38d7f1ff' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.pairs
  VALIDATE CONSTRAINT segue_b_not_null_38d7f1ff;
COMMIT;
\endif

-- ── 3.12  Validate public.plain ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.plain
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: primary key plain(id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.plain') AND conname = 'segue_id_not_null_b2a3b960' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.plain
  VALIDATE CONSTRAINT segue_id_not_null_b2a3b960;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
