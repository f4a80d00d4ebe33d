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

SELECT segue.enter('input', '', 4, '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  The author's SQL, from line 19 ──
-- why    the author asked for it; it is run again whenever the phase is
-- locks  none
-- scans  writes rows, in small transactions
-- undo   none: forward fix, as a new change
-- from   line 19: sql contract $$ drop view if exists old_titles $$
BEGIN;
SET LOCAL lock_timeout = '200ms';
drop view if exists old_titles;
COMMIT;

-- ── 4.2  The author's SQL, from line 20 ──
-- why    nobody sorts by it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 20: sql contract $$ drop index concurrently if exists public.articles_views $$
--        because 'nobody sorts by it'
SELECT pg_catalog.to_regclass('public.articles_views') IS NULL AS segue_done \gset
\if :segue_done
\else
drop index concurrently if exists public.articles_views;
\endif

-- ── 4.3  The author's SQL, from line 21 ──
-- why    the author asked for it; it is run again whenever the phase is
-- locks  none
-- scans  writes rows, in small transactions
-- undo   none: forward fix, as a new change
-- from   line 21: sql contract 'insert into settings values (''slugs'', ''on'') on conflict (key)
--        do nothing'
BEGIN;
SET LOCAL lock_timeout = '200ms';
insert into settings values ('slugs', 'on') on conflict (key) do nothing;
COMMIT;

SELECT segue.leave('input', 4) AS "phase complete";
