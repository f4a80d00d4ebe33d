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

SELECT segue.enter('input', '', 4, '35336092a5d9ca4deae44d51189ca7583d58b4bb28c004c946ac4987b9304224') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.notes ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.notes, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename notes.body -> text
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.notes') AND attname = 'body' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.notes IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.notes') AND conname = 'segue_text_is_body_3a0b81ce' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.notes: it is not proven that text is body'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_notes_c272619d ON public.notes;
DROP FUNCTION IF EXISTS segue.segue_public_notes_sync_e1160860();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_notes_text_null_a435a1bf ON public.notes;
DROP FUNCTION IF EXISTS segue.segue_public_notes_text_null_function_40855271();
ALTER TABLE public.notes DROP CONSTRAINT IF EXISTS segue_text_is_body_3a0b81ce;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.notes DROP COLUMN IF EXISTS body RESTRICT;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.notes_body_idx;
ALTER INDEX public.segue_notes_body_idx_15da7129 RENAME TO notes_body_idx;
COMMENT ON INDEX public.notes_body_idx IS 'For the search page.';
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
