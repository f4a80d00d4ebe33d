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

SELECT segue.enter('input', '', 4, 'cbf7d0ac469517e226923ce8376a3bae66e9ad4a6d83d99b1cbf68444503b146') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.coupons ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.coupons, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.coupons IN ACCESS EXCLUSIVE MODE;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_coupons_387e836b ON public.coupons;
DROP FUNCTION IF EXISTS segue.segue_public_coupons_sync_d19bcbee();
-- undo is over: what the fill overwrote is not needed any more
DROP TABLE IF EXISTS segue.segue_public_coupons_journal_368ab40c;
COMMIT;

SELECT segue.leave('input', 4) AS "phase complete";
