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

SELECT segue.enter('input', '', 4, '942a9d0f7695df84cdf4880c5c85ff574b86d93943779c2b16943263a3419e28') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.people ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename people.name -> called
-- from   line 2: rename people.details -> attributes
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'name' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'details' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.people IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_called_is_name_d21df577' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.people: it is not proven that called is name'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_attributes_is_details_21afeafe' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.people: it is not proven that attributes is details'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_people_6ab9eb43 ON public.people;
DROP FUNCTION IF EXISTS segue.segue_public_people_sync_b88411f6();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_people_called_null_36fca4f3 ON public.people;
DROP FUNCTION IF EXISTS segue.segue_public_people_called_null_function_493b7fad();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_people_attributes_null_617e252f ON public.people;
DROP FUNCTION IF EXISTS segue.segue_public_people_attributes_null_function_821d00c1();
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_called_is_name_d21df577;
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_attributes_is_details_21afeafe;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.people DROP COLUMN IF EXISTS name RESTRICT;
ALTER TABLE public.people DROP COLUMN IF EXISTS details RESTRICT;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.people_city_idx;
ALTER INDEX public.segue_people_city_idx_039200b6 RENAME TO people_city_idx;
DROP INDEX IF EXISTS public.people_details_idx;
ALTER INDEX public.segue_people_details_idx_18aa3491 RENAME TO people_details_idx;
DROP INDEX IF EXISTS public.people_lower_name_idx;
ALTER INDEX public.segue_people_lower_name_idx_b0b88c4c RENAME TO people_lower_name_idx;
DROP INDEX IF EXISTS public.people_name_length_idx;
ALTER INDEX public.segue_people_name_length_idx_f6c8d3e3 RENAME TO people_name_length_idx;
ALTER INDEX public.people_lower_name_idx ALTER COLUMN 1 SET STATISTICS 700;
ALTER INDEX public.people_name_length_idx ALTER COLUMN 1 SET STATISTICS 0;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
