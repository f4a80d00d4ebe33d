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

SELECT segue.enter('input', '', 4, 'c4843220a52bf318fa98723be1686ce5892d15015bf4c4d6c342cbed05aa731c') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.events ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.events, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: split events.what -> kind text = (split_part(what, ':', 1)), number text =
--        (split_part(what, ':', 2))
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.events') AND attname = 'what' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.events IN ACCESS EXCLUSIVE MODE;
-- both sides agree, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.events') AND conname = 'segue_what_and_kind_number_say_the_same_agree_c146bb0c' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.events: it is not proven that what and (kind, number) say the same'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_events_aa409621 ON public.events;
DROP FUNCTION IF EXISTS segue.segue_public_events_sync_51ffa424();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_events_kind_null_14b5c2a0 ON public.events;
DROP FUNCTION IF EXISTS segue.segue_public_events_kind_null_function_7c2c2f08();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_events_number_null_fb1c2565 ON public.events;
DROP FUNCTION IF EXISTS segue.segue_public_events_number_null_function_b68f33bf();
ALTER TABLE public.events DROP CONSTRAINT IF EXISTS segue_what_and_kind_number_say_the_same_agree_c146bb0c;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.events DROP COLUMN IF EXISTS what RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
