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

SELECT segue.enter('input', '', 4, 'f4749e452b177cdbe5571a780de26e219d622f69d7af084a7a9635a1d0eb0081') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.parcels ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.parcels, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename parcels.id -> parcel_id
-- from   line 2: rename parcels.tracking -> tracking_number
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.parcels') AND attname = 'id' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.parcels') AND attname = 'tracking' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.parcels') AND attname = 'parcel_id' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.parcels') AND attname = 'tracking_number' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_parcel_id_not_null_acd47430')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_tracking_number_not_null_385622e4')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'parcels_pkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.parcels IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_parcel_id_is_id_2137c3f5' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.parcels: it is not proven that parcel_id is id'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_tracking_number_is_tracking_b73738a5' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.parcels: it is not proven that tracking_number is tracking'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_parcels_53c7ed8e ON public.parcels;
DROP FUNCTION IF EXISTS segue.segue_public_parcels_sync_354c80c1();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_parcels_parcel_id_null_6b17aa4c ON public.parcels;
DROP FUNCTION IF EXISTS segue.segue_public_parcels_parcel_id_null_function_0390f98c();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_parcels_tracking_number_null_cc80f47 ON public.parcels;
DROP FUNCTION IF EXISTS segue.segue_public_parcels_tracking_number_null_function_f6c84b44();
ALTER TABLE public.parcels DROP CONSTRAINT IF EXISTS segue_parcel_id_is_id_2137c3f5;
ALTER TABLE public.parcels DROP CONSTRAINT IF EXISTS segue_tracking_number_is_tracking_b73738a5;
-- the sequence stays when the old column goes
ALTER SEQUENCE public.parcels_id_seq OWNED BY public.parcels.parcel_id;
ALTER SEQUENCE public.parcels_tracking_seq OWNED BY public.parcels.tracking_number;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.parcels DROP COLUMN IF EXISTS id RESTRICT;
ALTER TABLE public.parcels DROP COLUMN IF EXISTS tracking RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.parcels ALTER COLUMN parcel_id SET NOT NULL;
ALTER TABLE public.parcels ALTER COLUMN tracking_number SET NOT NULL;
ALTER TABLE public.parcels DROP CONSTRAINT IF EXISTS segue_parcel_id_not_null_acd47430;
ALTER TABLE public.parcels DROP CONSTRAINT IF EXISTS segue_tracking_number_not_null_385622e4;
-- the default comes when the old column is gone: earlier it would win over an old INSERT's value
ALTER TABLE public.parcels ALTER COLUMN parcel_id SET DEFAULT nextval('public.parcels_id_seq'::regclass);
ALTER TABLE public.parcels ALTER COLUMN tracking_number SET DEFAULT nextval('public.parcels_tracking_seq'::regclass);
-- names and constraints go over to the new indexes
ALTER TABLE public.parcels ADD CONSTRAINT parcels_pkey PRIMARY KEY USING INDEX segue_parcels_pkey_5a8a80a7;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
