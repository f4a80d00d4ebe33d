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

SELECT segue.enter('input', '', 4, '7d571fe15bddb6d4312715e1972c813bd6c10d52fb2fa7b555098084ccca6cd8') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.rooms ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.rooms, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename rooms.size -> area
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.rooms') AND attname = 'size' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rooms') AND conname = 'segue_rooms_kind_size_02c68e44')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rooms') AND conname = 'segue_rooms_size_check_6847eac8')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rooms') AND conname = 'segue_rooms_size_even_aa84673c')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rooms') AND conname = 'segue_rooms_size_small_516bb487') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.rooms IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.rooms') AND conname = 'segue_area_is_size_eb671c29' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.rooms: it is not proven that area is size'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_rooms_0d2c40f0 ON public.rooms;
DROP FUNCTION IF EXISTS segue.segue_public_rooms_sync_fea9e72b();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_rooms_area_null_fdf8d9fc ON public.rooms;
DROP FUNCTION IF EXISTS segue.segue_public_rooms_area_null_function_6b6815dc();
ALTER TABLE public.rooms DROP CONSTRAINT IF EXISTS segue_area_is_size_eb671c29;
ALTER TABLE public.rooms DROP CONSTRAINT IF EXISTS rooms_kind_size;
ALTER TABLE public.rooms DROP CONSTRAINT IF EXISTS rooms_size_check;
ALTER TABLE public.rooms DROP CONSTRAINT IF EXISTS rooms_size_even;
ALTER TABLE public.rooms DROP CONSTRAINT IF EXISTS rooms_size_small;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.rooms DROP COLUMN IF EXISTS size RESTRICT;
-- names and constraints go over to the new indexes
ALTER TABLE public.rooms RENAME CONSTRAINT segue_rooms_kind_size_02c68e44 TO rooms_kind_size;
ALTER TABLE public.rooms RENAME CONSTRAINT segue_rooms_size_check_6847eac8 TO rooms_size_check;
COMMENT ON CONSTRAINT rooms_size_check ON public.rooms IS 'In square metres.';
ALTER TABLE public.rooms RENAME CONSTRAINT segue_rooms_size_even_aa84673c TO rooms_size_even;
ALTER TABLE public.rooms RENAME CONSTRAINT segue_rooms_size_small_516bb487 TO rooms_size_small;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
