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

SELECT segue.enter('input', '', 4, 'cd002d57c21fba12399140de0c4b00c2b5a1955a6f1cbec1f0cfe3c94935f21d') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.cars ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.cars, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename cars.make -> brand
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.cars') AND attname = 'make' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.cars IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.cars') AND conname = 'segue_brand_is_make_614ebba0' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.cars: it is not proven that brand is make'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_cars_99a280e7 ON public.cars;
DROP FUNCTION IF EXISTS segue.segue_public_cars_sync_4235231a();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_cars_brand_null_ffa47b91 ON public.cars;
DROP FUNCTION IF EXISTS segue.segue_public_cars_brand_null_function_5a67b823();
ALTER TABLE public.cars DROP CONSTRAINT IF EXISTS segue_brand_is_make_614ebba0;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.cars DROP COLUMN IF EXISTS make RESTRICT;
DROP STATISTICS IF EXISTS public.cars_make_model;
ALTER STATISTICS public.segue_cars_make_model_statistics_cc6ed63c RENAME TO cars_make_model;
DROP STATISTICS IF EXISTS public.cars_upper;
ALTER STATISTICS public.segue_cars_upper_statistics_34be23b2 RENAME TO cars_upper;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
