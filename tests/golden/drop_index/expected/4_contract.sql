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

SELECT segue.enter('input', '', 4, 'ba56a5dddd943f3d3742244db7d8a91bdfbf377f81ff65993485f57868442fe2') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Drop index public.people_email_idx ──
-- why    CONCURRENTLY: reads and writes go on, it waits for the statements that still use it
-- locks  SHARE UPDATE EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: drop index people_email_idx
SELECT pg_catalog.to_regclass('public.people_email_idx') IS NULL AS segue_done \gset
\if :segue_done
\else
DROP INDEX CONCURRENTLY IF EXISTS public.people_email_idx RESTRICT;
\endif

-- ── 4.2  Drop index public.people_nick ──
-- why    CONCURRENTLY: reads and writes go on, it waits for the statements that still use it
-- locks  SHARE UPDATE EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 2: drop index people_nick
SELECT pg_catalog.to_regclass('public.people_nick') IS NULL AS segue_done \gset
\if :segue_done
\else
DROP INDEX CONCURRENTLY IF EXISTS public.people_nick RESTRICT;
\endif

-- ── 4.3  Drop index public."People Born" ──
-- why    CONCURRENTLY: reads and writes go on, it waits for the statements that still use it
-- locks  SHARE UPDATE EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 3: drop index public."People Born"
SELECT pg_catalog.to_regclass('public."People Born"') IS NULL AS segue_done \gset
\if :segue_done
\else
DROP INDEX CONCURRENTLY IF EXISTS public."People Born" RESTRICT;
\endif

-- ── 4.4  Drop index public.readings_value ──
-- why    an index of a partitioned table cannot be dropped CONCURRENTLY; a catalogue change, over
--        in milliseconds once the locks are there
-- locks  ACCESS EXCLUSIVE on public.readings, ACCESS EXCLUSIVE on public.readings_new, ACCESS
--        EXCLUSIVE on public.readings_old, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 4: drop index readings_value
SELECT pg_catalog.to_regclass('public.readings_value') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '160ms';
DROP INDEX IF EXISTS public.readings_value RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
