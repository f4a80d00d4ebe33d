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

SELECT segue.enter('input', '', 4, '43d06e24378a0dcd8946883e29e84a716e79779dbf448fd0a7ffff563816488f') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.books ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.books, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.books IN ACCESS EXCLUSIVE MODE;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_books_c891ddc2 ON public.books;
DROP FUNCTION IF EXISTS segue.segue_public_books_sync_f4577845();
-- undo is over: what the fill overwrote is not needed any more
DROP TABLE IF EXISTS segue.segue_public_books_journal_994965f1;
COMMIT;

SELECT segue.leave('input', 4) AS "phase complete";
