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

SELECT segue.enter('input', '', 4, '3b283e1ce29ece32640df28ee7b69fbc2d0643fa1078656b3eb02d845267271e') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.seats ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.seats, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: unique seats(hall, nr)
-- from   line 2: unique seats(code) as seats_code_once
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.seats') AND conname = 'seats_hall_nr_key')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.seats') AND conname = 'seats_code_once') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.seats IN ACCESS EXCLUSIVE MODE;
-- the constraint takes the index over: no scan
ALTER TABLE public.seats ADD CONSTRAINT seats_hall_nr_key UNIQUE USING INDEX seats_hall_nr_key;
ALTER TABLE public.seats ADD CONSTRAINT seats_code_once UNIQUE USING INDEX seats_code_once;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
