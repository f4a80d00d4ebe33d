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

SELECT segue.enter('input', '', 3, '374a0e1e2ef0a57daa31da4648442bced48a66378e81512e835906356947c0f0') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.addresses ──
-- why    in small batches, until line is filled from (street, house) on every row
-- locks  ROW EXCLUSIVE on public.addresses
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: merge addresses(street, house) -> line text = (street || ' ' || house)
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.addresses: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.addresses'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.addresses
   SET line = coalesce(line, CAST((street || ' ' || house) AS text))
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (line IS NULL AND (CAST((street || ' ' || house) AS text) IS NOT NULL));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Look for duplicates under addresses_line ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.addresses
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 3: unique addresses(line, city) as addresses_line
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.addresses_line') AND indisvalid) AS segue_done \gset
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
SELECT (line)::text, (city)::text, count(*)::text FROM public.addresses WHERE (line) IS NOT NULL AND (city) IS NOT NULL GROUP BY (line), (city) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.addresses holds duplicates that addresses_line does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.3  Build public.addresses_line ──
-- why    CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on
-- locks  SHARE UPDATE EXCLUSIVE on public.addresses
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.addresses_line;
-- from   line 3: unique addresses(line, city) as addresses_line
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.addresses_line') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.addresses_line;
CREATE UNIQUE INDEX CONCURRENTLY addresses_line ON public.addresses (line, city);
\endif

SELECT segue.leave('input', 3) AS "phase complete";
