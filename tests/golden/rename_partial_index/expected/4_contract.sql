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

SELECT segue.enter('input', '', 4, 'a0bb120af6d6798a3c0bc691cb283eb945f0f56a27889c1bff06cfc98a3dd868') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.tickets ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.tickets, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename tickets.closed_on -> resolved_on
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.tickets') AND attname = 'closed_on' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.tickets IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tickets') AND conname = 'segue_resolved_on_is_closed_on_bfb5aef5' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.tickets: it is not proven that resolved_on is closed_on'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_tickets_86a96f65 ON public.tickets;
DROP FUNCTION IF EXISTS segue.segue_public_tickets_sync_c5fed538();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_tickets_resolved_on_null_58d47508 ON public.tickets;
DROP FUNCTION IF EXISTS segue.segue_public_tickets_resolved_on_null_function_d02a39a0();
ALTER TABLE public.tickets DROP CONSTRAINT IF EXISTS segue_resolved_on_is_closed_on_bfb5aef5;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.tickets DROP COLUMN IF EXISTS closed_on RESTRICT;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.tickets_closed_idx;
ALTER INDEX public.segue_tickets_closed_idx_69c47db1 RENAME TO tickets_closed_idx;
DROP INDEX IF EXISTS public.tickets_one_open_idx;
ALTER INDEX public.segue_tickets_one_open_idx_e76d18a8 RENAME TO tickets_one_open_idx;
DROP INDEX IF EXISTS public.tickets_open_idx;
ALTER INDEX public.segue_tickets_open_idx_d9781115 RENAME TO tickets_open_idx;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
