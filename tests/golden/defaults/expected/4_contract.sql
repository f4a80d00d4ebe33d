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

SELECT segue.enter('input', '', 4, '281b5b3da02ae1a24cc710085e020f3fa139fad53b4983598ca507ca4b1c1a4f') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.carts ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.carts, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: default carts.currency 'EUR'
-- from   line 2: default carts.opened_at none
-- from   line 3: default carts.note ('cart of ' || current_date::text)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.carts') AND attname = 'opened_at' AND NOT attisdropped AND atthasdef) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.carts IN ACCESS EXCLUSIVE MODE;
-- the default of the new release
ALTER TABLE public.carts ALTER COLUMN currency SET DEFAULT 'EUR';
ALTER TABLE public.carts ALTER COLUMN opened_at DROP DEFAULT;
-- the default of the new release
ALTER TABLE public.carts ALTER COLUMN note SET DEFAULT ('cart of ' || current_date::text);
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
