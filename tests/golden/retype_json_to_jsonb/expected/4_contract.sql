-- input · phase 4 of 4: contract
--
-- when   when no release runs that knows what is old
-- apply  segue apply <this directory> --phase 4 --release NAME
--        or psql -v ON_ERROR_STOP=1 -f 4_contract.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

-- No release that runs may still need what goes: segue.ack says so, segue.skip_soak why a soak
-- need not be over. See `segue gate` for what else there is to ask.
SELECT segue.require_release('input', interval '0 seconds') AS segue_released \gset

SELECT segue.enter('input', '', 4, '2898e005192aae07552dc4c08ef7a52fda2ccce364de86fc3368bb46413ad247') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public."Odd Docs" ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public."Odd Docs", for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: retype "Odd Docs"."Body ""x""" -> jsonb
-- from   line 2: retype "Odd Docs".tags -> jsonb using (tags::jsonb)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public."Odd Docs"') AND attname = 'segue_body_x_as_jsonb_6e73efa9' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public."Odd Docs"') AND attname = 'segue_tags_as_jsonb_dbb62af2' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public."Odd Docs"') AND attname = 'Body "x"' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public."Odd Docs"') AND conname = 'segue_segue_body_x_as_jsonb_6e73efa9_not_null_455223c5') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public."Odd Docs" IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public."Odd Docs"') AND conname = 'segue_body_x_as_jsonb_acf7bce7' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public."Odd Docs": it is not proven that the copy of "Body ""x""" is "Body ""x""" as jsonb'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public."Odd Docs"') AND conname = 'segue_tags_as_jsonb_23807ce8' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public."Odd Docs": it is not proven that the copy of tags is tags as jsonb'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_odd_docs__bd4ffc44 ON public."Odd Docs";
DROP FUNCTION IF EXISTS segue.segue_public_odd_docs_sync_00ea9d4f();
ALTER TABLE public."Odd Docs" DROP CONSTRAINT IF EXISTS segue_body_x_as_jsonb_acf7bce7;
DROP FUNCTION IF EXISTS segue.segue_public_odd_docs_body_x_map_c3b75278(json);
DROP FUNCTION IF EXISTS segue.segue_public_odd_docs_body_x_fails_85611757(json);
ALTER TABLE public."Odd Docs" DROP CONSTRAINT IF EXISTS segue_tags_as_jsonb_23807ce8;
DROP FUNCTION IF EXISTS segue.segue_public_odd_docs_tags_map_ae1e39e1(json);
DROP FUNCTION IF EXISTS segue.segue_public_odd_docs_tags_fails_51c2f26a(json);
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public."Odd Docs" DROP COLUMN IF EXISTS "Body ""x""" RESTRICT;
ALTER TABLE public."Odd Docs" DROP COLUMN IF EXISTS tags RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public."Odd Docs" RENAME COLUMN segue_body_x_as_jsonb_6e73efa9 TO "Body ""x""";
ALTER TABLE public."Odd Docs" RENAME COLUMN segue_tags_as_jsonb_dbb62af2 TO tags;
-- proven by the validated CHECK: no scan
ALTER TABLE public."Odd Docs" ALTER COLUMN "Body ""x""" SET NOT NULL;
ALTER TABLE public."Odd Docs" DROP CONSTRAINT IF EXISTS segue_segue_body_x_as_jsonb_6e73efa9_not_null_455223c5;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
