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

SELECT segue.enter('input', '', 4, '68a97d9b61e85f72d02d70ff006b9f1ec554061308c21f823a3d2d40f8f815da') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.sessions ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.sessions, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: require sessions.sid
SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.sessions') AND attname = 'sid' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.sessions') AND conname = 'segue_sid_not_null_42f01701') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.sessions IN ACCESS EXCLUSIVE MODE;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_sessions_f2d1ac4d ON public.sessions;
DROP FUNCTION IF EXISTS segue.segue_public_sessions_sync_6c56fef0();
-- proven by the validated CHECK: no scan
ALTER TABLE public.sessions ALTER COLUMN sid SET NOT NULL;
ALTER TABLE public.sessions DROP CONSTRAINT IF EXISTS segue_sid_not_null_42f01701;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
