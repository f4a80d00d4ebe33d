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

SELECT segue.enter('input', '', 4, '21a295782d76d8c271b76f6f97f23c5c0a0ab916eba47b54208c9562c765a3c3') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.depots ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.depots, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 13: primary key depots(nr)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.depots') AND conname = 'depots_pkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.depots IN ACCESS EXCLUSIVE MODE;
-- the key takes the index over and is NOT NULL by proof: no scan
ALTER TABLE public.depots ADD CONSTRAINT depots_pkey PRIMARY KEY USING INDEX depots_pkey;
COMMIT;
\endif

-- ── 4.2  Contract public.orders ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 4: add orders.kind kind required
-- from   line 8: rename orders.place -> town
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'place' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'kind' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_kind_not_null_b242ae0d') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_town_is_place_6c3ef5bc' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.orders: it is not proven that town is place'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_orders_2c7648f1 ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_sync_da326514();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_orders_town_null_cb182d3a ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_town_null_function_06b22382();
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_town_is_place_6c3ef5bc;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.orders DROP COLUMN IF EXISTS place RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.orders ALTER COLUMN kind SET NOT NULL;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_kind_not_null_b242ae0d;
COMMIT;
\endif

-- ── 4.3  Contract public.regions ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.regions, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 6: unique regions(code)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.regions') AND conname = 'regions_code_key') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.regions IN ACCESS EXCLUSIVE MODE;
-- the constraint takes the index over: no scan
ALTER TABLE public.regions ADD CONSTRAINT regions_code_key UNIQUE USING INDEX regions_code_key;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
