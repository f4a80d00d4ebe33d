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

SELECT segue.enter('input', '', 4, 'eed8da34784318656d798b6879ad8e4ccb46fc609d2b9bfcec8114636f4559f9') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public."Odd" ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public."Odd", for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 3: primary key "Odd"("Key")
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public."Odd"') AND conname = 'Odd_pkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public."Odd" IN ACCESS EXCLUSIVE MODE;
-- the key takes the index over and is NOT NULL by proof: no scan
ALTER TABLE public."Odd" ADD CONSTRAINT "Odd_pkey" PRIMARY KEY USING INDEX "Odd_pkey";
COMMIT;
\endif

-- ── 4.2  Contract public.pairs ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.pairs, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 2: primary key pairs(b, a)
SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.pairs') AND attname = 'b' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.pairs') AND conname = 'segue_b_not_null_38d7f1ff')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.pairs') AND conname = 'pairs_pkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.pairs IN ACCESS EXCLUSIVE MODE;
-- proven by the validated CHECK: no scan
ALTER TABLE public.pairs ALTER COLUMN b SET NOT NULL;
ALTER TABLE public.pairs DROP CONSTRAINT IF EXISTS segue_b_not_null_38d7f1ff;
-- the key takes the index over and is NOT NULL by proof: no scan
ALTER TABLE public.pairs ADD CONSTRAINT pairs_pkey PRIMARY KEY USING INDEX pairs_pkey;
COMMIT;
\endif

-- ── 4.3  Contract public.plain ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.plain, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: primary key plain(id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.plain') AND attname = 'id' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.plain') AND conname = 'segue_id_not_null_b2a3b960')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.plain') AND conname = 'plain_pkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.plain IN ACCESS EXCLUSIVE MODE;
-- proven by the validated CHECK: no scan
ALTER TABLE public.plain ALTER COLUMN id SET NOT NULL;
ALTER TABLE public.plain DROP CONSTRAINT IF EXISTS segue_id_not_null_b2a3b960;
-- the key takes the index over and is NOT NULL by proof: no scan
ALTER TABLE public.plain ADD CONSTRAINT plain_pkey PRIMARY KEY USING INDEX plain_pkey;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
