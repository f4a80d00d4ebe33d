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

SELECT segue.enter('input', '', 4, '1abc34e9cc09807b49f86c8cf7d4627ab7827037f71637b2a34f88de671c2a25') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.pages ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.pages, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename pages.title -> heading
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.pages') AND attname = 'title' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.pages') AND attname = 'heading' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.pages') AND conname = 'segue_heading_not_null_53300b03') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.pages IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.pages') AND conname = 'segue_heading_is_title_c92b9721' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.pages: it is not proven that heading is title'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zzzz_segue_sync_segue_public_pages_8cc807a8 ON public.pages;
DROP FUNCTION IF EXISTS segue.segue_public_pages_sync_d5ce1bf3();
DROP TRIGGER IF EXISTS zzzz_segue_null_segue_public_pages_heading_null_40edb061 ON public.pages;
DROP FUNCTION IF EXISTS segue.segue_public_pages_heading_null_function_15d58253();
ALTER TABLE public.pages DROP CONSTRAINT IF EXISTS segue_heading_is_title_c92b9721;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.pages DROP COLUMN IF EXISTS title RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.pages ALTER COLUMN heading SET NOT NULL;
ALTER TABLE public.pages DROP CONSTRAINT IF EXISTS segue_heading_not_null_53300b03;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
