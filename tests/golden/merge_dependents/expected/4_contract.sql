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

SELECT segue.enter('input', '', 4, '374a0e1e2ef0a57daa31da4648442bced48a66378e81512e835906356947c0f0') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- The dual-write triggers keep what a look finds: none may be altered behind it.
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_sync_segue_public_addresses_a3ace7c4')) AS segue_triggers_4_2 \gset

-- ── 4.1  Look once more whether line is filled from (street, house) in public.addresses ──
-- why    no CHECK proves it, and a look under the lock that drops what is old would stop the
--        application: so the rows are read here, beside the traffic; from then on the dual-write
--        triggers, which fire ALWAYS, keep what was found
-- locks  ACCESS SHARE on public.addresses
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: merge addresses(street, house) -> line text = (street || ' ' || house)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.addresses') AND attname = 'street' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(street::text, 60), pg_catalog.left(house::text, 60), pg_catalog.left(line::text, 60) FROM public.addresses WHERE line IS NULL AND (CAST((street || ' ' || house) AS text) IS NOT NULL)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.addresses break the promise that line is filled from (street, house)'
      USING DETAIL = found, HINT = 'something writes past the dual-write triggers: see that it stops, run phase 3 again for these rows, then this one';
  END IF;
END
$segue_check$;
\endif

-- ── 4.2  Contract public.addresses ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.addresses, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: merge addresses(street, house) -> line text = (street || ' ' || house)
-- from   line 3: unique addresses(line, city) as addresses_line
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.addresses') AND attname = 'street' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.addresses') AND attname = 'house' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.addresses') AND conname = 'addresses_line') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
-- psql asks whether a trigger was altered since the rows were looked at; segue does it itself
LOCK TABLE public.addresses IN ACCESS EXCLUSIVE MODE;
SELECT (
  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE t.tgname IN (
           'zz_segue_sync_segue_public_addresses_a3ace7c4')) <> :'segue_triggers_4_2' AS segue_altered \gset
\if :segue_altered
DO $segue$
BEGIN
  RAISE EXCEPTION '%', 'a dual-write trigger of public.addresses was altered since the rows were looked at'
    USING HINT = 'Nothing was taken away. Find out who altered it; run this file again, which looks at all rows again.';
END
$segue$;
\endif
LOCK TABLE public.addresses IN ACCESS EXCLUSIVE MODE;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_addresses_a3ace7c4 ON public.addresses;
DROP FUNCTION IF EXISTS segue.segue_public_addresses_sync_df827fcf();
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.addresses DROP COLUMN IF EXISTS street RESTRICT;
ALTER TABLE public.addresses DROP COLUMN IF EXISTS house RESTRICT;
-- the constraint takes the index over: no scan
ALTER TABLE public.addresses ADD CONSTRAINT addresses_line UNIQUE USING INDEX addresses_line;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
