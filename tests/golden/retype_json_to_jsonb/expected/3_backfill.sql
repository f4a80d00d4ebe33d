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

SELECT segue.enter('input', '', 3, '2898e005192aae07552dc4c08ef7a52fda2ccce364de86fc3368bb46413ad247') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values of public."Odd Docs"."Body ""x""" that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public."Odd Docs"
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: retype "Odd Docs"."Body ""x""" -> jsonb
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT "Key"::text, pg_catalog.left("Body ""x"""::text, 60) FROM public."Odd Docs" WHERE segue.segue_public_odd_docs_body_x_fails_85611757("Body ""x""")
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public."Odd Docs" hold values of "Body ""x""" that do not convert to jsonb'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Look for values of public."Odd Docs".tags that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public."Odd Docs"
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 2: retype "Odd Docs".tags -> jsonb using (tags::jsonb)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT "Key"::text, pg_catalog.left(tags::text, 60) FROM public."Odd Docs" WHERE segue.segue_public_odd_docs_tags_fails_51c2f26a(tags)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public."Odd Docs" hold values of tags that do not convert to jsonb'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.3  Fill public."Odd Docs" ──
-- why    in small batches, until the copy of "Body ""x""" is "Body ""x""" as jsonb and the copy of
--        tags is tags as jsonb on every row
-- locks  ROW EXCLUSIVE on public."Odd Docs"
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: retype "Odd Docs"."Body ""x""" -> jsonb
-- from   line 2: retype "Odd Docs".tags -> jsonb using (tags::jsonb)
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public."Odd Docs": block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public."Odd Docs"'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public."Odd Docs"
   SET segue_body_x_as_jsonb_6e73efa9 = segue.segue_public_odd_docs_body_x_map_c3b75278("Body ""x"""), segue_tags_as_jsonb_dbb62af2 = segue.segue_public_odd_docs_tags_map_ae1e39e1(tags)
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_body_x_as_jsonb_6e73efa9), ROW(segue.segue_public_odd_docs_body_x_map_c3b75278("Body ""x""")))
     OR pg_catalog.record_image_ne(ROW(segue_tags_as_jsonb_dbb62af2), ROW(segue.segue_public_odd_docs_tags_map_ae1e39e1(tags))));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.4  Add 3 constraints to public."Odd Docs" ──
-- why    that the copy of "Body ""x""" is "Body ""x""" as jsonb is proven, and stays so; that the
--        copy of tags is tags as jsonb is proven, and stays so; segue_body_x_as_jsonb_6e73efa9 may
--        not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public."Odd Docs", for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public."Odd Docs" DROP CONSTRAINT IF EXISTS segue_body_x_as_jsonb_acf7bce7;
--        ALTER TABLE public."Odd Docs" DROP CONSTRAINT IF EXISTS segue_tags_as_jsonb_23807ce8;
--        ALTER TABLE public."Odd Docs" DROP CONSTRAINT IF EXISTS
--        segue_segue_body_x_as_jsonb_6e73efa9_not_null_455223c5;
-- from   line 1: retype "Odd Docs"."Body ""x""" -> jsonb
-- from   line 2: retype "Odd Docs".tags -> jsonb using (tags::jsonb)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public."Odd Docs"') AND conname = 'segue_body_x_as_jsonb_acf7bce7')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public."Odd Docs"') AND conname = 'segue_tags_as_jsonb_23807ce8')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public."Odd Docs"') AND conname = 'segue_segue_body_x_as_jsonb_6e73efa9_not_null_455223c5') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public."Odd Docs"
  ADD CONSTRAINT segue_body_x_as_jsonb_acf7bce7 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_body_x_as_jsonb_6e73efa9), ROW(segue.segue_public_odd_docs_body_x_map_c3b75278("Body ""x"""))) AND NOT segue.segue_public_odd_docs_body_x_fails_85611757("Body ""x""")) NOT VALID,
  ADD CONSTRAINT segue_tags_as_jsonb_23807ce8 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_tags_as_jsonb_dbb62af2), ROW(segue.segue_public_odd_docs_tags_map_ae1e39e1(tags))) AND NOT segue.segue_public_odd_docs_tags_fails_51c2f26a(tags)) NOT VALID,
  ADD CONSTRAINT segue_segue_body_x_as_jsonb_6e73efa9_not_null_455223c5 CHECK (segue_body_x_as_jsonb_6e73efa9 IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.5  Validate public."Odd Docs" ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public."Odd Docs"
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: retype "Odd Docs"."Body ""x""" -> jsonb
-- from   line 2: retype "Odd Docs".tags -> jsonb using (tags::jsonb)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public."Odd Docs"') AND conname = 'segue_body_x_as_jsonb_acf7bce7' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public."Odd Docs"') AND conname = 'segue_tags_as_jsonb_23807ce8' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public."Odd Docs"') AND conname = 'segue_segue_body_x_as_jsonb_6e73efa9_not_null_455223c5' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public."Odd Docs"
  VALIDATE CONSTRAINT segue_body_x_as_jsonb_acf7bce7,
  VALIDATE CONSTRAINT segue_tags_as_jsonb_23807ce8,
  VALIDATE CONSTRAINT segue_segue_body_x_as_jsonb_6e73efa9_not_null_455223c5;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
