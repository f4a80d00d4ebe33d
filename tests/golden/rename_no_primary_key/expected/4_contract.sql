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

SELECT segue.enter('input', '', 4, 'a10620c5207cb3696b851dcfc3513ddabf0382443dc834b21ffcf8a6f5655371') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.log ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.log, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename log.msg -> message
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.log') AND attname = 'msg' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.log IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.log') AND conname = 'segue_message_is_msg_c76a291d' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.log: it is not proven that message is msg'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_log_69d1df22 ON public.log;
DROP FUNCTION IF EXISTS segue.segue_public_log_sync_89a3c9a5();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_log_message_null_83b77538 ON public.log;
DROP FUNCTION IF EXISTS segue.segue_public_log_message_null_function_f551b530();
ALTER TABLE public.log DROP CONSTRAINT IF EXISTS segue_message_is_msg_c76a291d;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.log DROP COLUMN IF EXISTS msg RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
