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

SELECT segue.enter('input', '', 4, '25748d3dc308a997c503802598c319d228d96c917377744c3911a35d80219f6c') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.shops, public.visits ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.shops, ACCESS EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: widen shops.id -> bigint
-- from   line 2: widen visits.id -> bigint
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.shops') AND attname = 'segue_id_as_bigint_7eaff00d' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.visits') AND attname = 'segue_shop_id_as_bigint_c18e2676' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.visits') AND attname = 'segue_id_as_bigint_7eaff00d' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.shops') AND attname = 'id' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.visits') AND attname = 'id' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.shops') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.shops') AND conname = 'shops_pkey')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'visits_pkey')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_visits_shop_id_fkey_a0b1d42c') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '133ms';
LOCK TABLE public.shops, public.visits IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.shops') AND conname = 'segue_id_as_bigint_1bb378af' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.shops: it is not proven that the copy of id is id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_shop_id_as_bigint_1f7fbbc0' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.visits: it is not proven that the copy of shop_id is shop_id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_id_as_bigint_1bb378af' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.visits: it is not proven that the copy of id is id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_shops_f327cc8d ON public.shops;
DROP FUNCTION IF EXISTS segue.segue_public_shops_sync_f69f6eb0();
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_visits_311368a8 ON public.visits;
DROP FUNCTION IF EXISTS segue.segue_public_visits_sync_2a1ffef3();
ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS visits_shop_id_fkey;
ALTER TABLE public.shops DROP CONSTRAINT IF EXISTS segue_id_as_bigint_1bb378af;
ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS segue_shop_id_as_bigint_1f7fbbc0;
ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS segue_id_as_bigint_1bb378af;
-- the identity sequence's place is kept for the new one
SELECT pg_catalog.set_config('segue.identity_21f99555', s.last_value::text || ' ' || s.is_called::text, true) FROM public.shops_id_seq AS s;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.shops DROP COLUMN IF EXISTS id RESTRICT;
ALTER TABLE public.visits DROP COLUMN IF EXISTS shop_id RESTRICT;
ALTER TABLE public.visits DROP COLUMN IF EXISTS id RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.shops RENAME COLUMN segue_id_as_bigint_7eaff00d TO id;
ALTER TABLE public.visits RENAME COLUMN segue_shop_id_as_bigint_c18e2676 TO shop_id;
ALTER TABLE public.visits RENAME COLUMN segue_id_as_bigint_7eaff00d TO id;
-- proven by the validated CHECK: no scan
ALTER TABLE public.shops ALTER COLUMN id SET NOT NULL;
ALTER TABLE public.visits ALTER COLUMN id SET NOT NULL;
ALTER TABLE public.shops DROP CONSTRAINT IF EXISTS segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
-- identity, from where the old one stopped
ALTER TABLE public.shops ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.shops_id_seq START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1);
SELECT pg_catalog.setval('public.shops_id_seq', split_part(v, ' ', 1)::bigint, split_part(v, ' ', 2)::boolean)
  FROM pg_catalog.current_setting('segue.identity_21f99555') AS v;
-- names and constraints go over to the new indexes
ALTER TABLE public.shops ADD CONSTRAINT shops_pkey PRIMARY KEY USING INDEX segue_shops_pkey_d460ecca;
ALTER TABLE ONLY public.visits ADD CONSTRAINT visits_pkey PRIMARY KEY (id, day);
ALTER TABLE public.visits_2023 ADD CONSTRAINT visits_2023_pkey PRIMARY KEY USING INDEX segue_visits_pkey__c3aab754;
ALTER TABLE ONLY public.visits_2024 ADD CONSTRAINT visits_2024_pkey PRIMARY KEY (id, day);
ALTER TABLE public.visits_2024_a ADD CONSTRAINT visits_2024_a_pkey PRIMARY KEY USING INDEX segue_visits_pkey__84bedced;
ALTER TABLE public.visits_2024_b ADD CONSTRAINT visits_2024_b_pkey PRIMARY KEY USING INDEX segue_visits_pkey__be758bb2;
ALTER INDEX public.visits_2024_pkey ATTACH PARTITION public.visits_2024_b_pkey;
ALTER INDEX public.visits_2024_pkey ATTACH PARTITION public.visits_2024_a_pkey;
ALTER INDEX public.visits_pkey ATTACH PARTITION public.visits_2024_pkey;
ALTER INDEX public.visits_pkey ATTACH PARTITION public.visits_2023_pkey;
ALTER INDEX public.segue_visits_2023_visits_shop_id_idx_3b40ae04 RENAME TO visits_2023_shop_id_idx;
ALTER INDEX public.segue_visits_2024_visits_shop_id_idx_7acb566b RENAME TO visits_2024_shop_id_idx;
ALTER INDEX public.segue_visits_2024_a_visits_shop_id_idx_0a607e5f RENAME TO visits_2024_a_shop_id_idx;
ALTER INDEX public.segue_visits_2024_b_visits_shop_id_idx_c41deedc RENAME TO visits_2024_b_shop_id_idx;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.visits_shop_id_idx;
ALTER INDEX public.segue_visits_shop_id_idx_62b161a4 RENAME TO visits_shop_id_idx;
ALTER TABLE public.visits_2023 RENAME CONSTRAINT segue_visits_shop_id_fkey_a0b1d42c TO visits_shop_id_fkey;
ALTER TABLE public.visits_2024 RENAME CONSTRAINT segue_visits_shop_id_fkey_a0b1d42c TO visits_shop_id_fkey;
ALTER TABLE public.visits_2024_a RENAME CONSTRAINT segue_visits_shop_id_fkey_a0b1d42c TO visits_shop_id_fkey;
ALTER TABLE public.visits_2024_b RENAME CONSTRAINT segue_visits_shop_id_fkey_a0b1d42c TO visits_shop_id_fkey;
ALTER TABLE public.visits RENAME CONSTRAINT segue_visits_shop_id_fkey_a0b1d42c TO visits_shop_id_fkey;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
