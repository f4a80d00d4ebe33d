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

SELECT segue.enter('input', '', 4, 'b946d21f308df4c7be4b4afa06471c527b4c7ff9189e304ab897a9aa019edb44') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.halls ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.halls, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 8: primary key halls(nr)
SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.halls') AND attname = 'nr' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.halls') AND conname = 'segue_nr_not_null_923109db')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.halls') AND conname = 'halls_pkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.halls IN ACCESS EXCLUSIVE MODE;
-- proven by the validated CHECK: no scan
ALTER TABLE public.halls ALTER COLUMN nr SET NOT NULL;
ALTER TABLE public.halls DROP CONSTRAINT IF EXISTS segue_nr_not_null_923109db;
-- the key takes the index over and is NOT NULL by proof: no scan
ALTER TABLE public.halls ADD CONSTRAINT halls_pkey PRIMARY KEY USING INDEX halls_pkey;
COMMIT;
\endif

-- ── 4.2  Contract public.people ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 5: unique people(slug)
-- from   line 6: unique people(born_year, id) as people_by_year
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'people_slug_key1')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'people_by_year') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.people IN ACCESS EXCLUSIVE MODE;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_people_6ab9eb43 ON public.people;
DROP FUNCTION IF EXISTS segue.segue_public_people_sync_b88411f6();
-- the constraint takes the index over: no scan
ALTER TABLE public.people ADD CONSTRAINT people_slug_key1 UNIQUE USING INDEX people_slug_key1;
ALTER TABLE public.people ADD CONSTRAINT people_by_year UNIQUE USING INDEX people_by_year;
-- undo is over: what the fill overwrote is not needed any more
DROP TABLE IF EXISTS segue.segue_public_people_journal_73bf6ce4;
COMMIT;
\endif

-- ── 4.3  Contract public.visits ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.visits IN ACCESS EXCLUSIVE MODE;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_visits_311368a8 ON public.visits;
DROP FUNCTION IF EXISTS segue.segue_public_visits_sync_2a1ffef3();
-- undo is over: what the fill overwrote is not needed any more
DROP TABLE IF EXISTS segue.segue_public_visits_journal_1315e03f;
COMMIT;

SELECT segue.leave('input', 4) AS "phase complete";
