-- input · phase 4 of 4: contract
-- Room for more than two billion users and orders
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

SELECT segue.enter('input', 'Room for more than two billion users and orders', 4, 'af010f061936bad94ec0de8b99809ba28acf8384a66370c30e011aea4bbb91b7') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.lines, public.logins, public.orders, public.parcels, public.pictures, public.profiles, public.tagged, public.tags, public.users ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.lines, ACCESS EXCLUSIVE on public.logins, ACCESS EXCLUSIVE on
--        public.orders, ACCESS EXCLUSIVE on public.parcels, ACCESS EXCLUSIVE on public.pictures,
--        ACCESS EXCLUSIVE on public.profiles, ACCESS EXCLUSIVE on public.tagged, ACCESS EXCLUSIVE
--        on public.tags, ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 3: widen users.id -> bigint
-- from   line 4: widen orders.id -> bigint
-- from   line 5: widen tags.id -> integer batch 500
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.lines') AND attname = 'segue_order_id_as_bigint_4f3ef904' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'segue_user_id_as_bigint_71f436c7' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'segue_id_as_bigint_7eaff00d' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.parcels') AND attname = 'segue_order_id_as_bigint_4f3ef904' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.pictures') AND attname = 'segue_profile_id_as_bigint_6879a163' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.profiles') AND attname = 'segue_user_id_as_bigint_71f436c7' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.tagged') AND attname = 'segue_order_id_as_bigint_4f3ef904' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.tagged') AND attname = 'segue_tag_id_as_integer_8a4a60c7' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.tags') AND attname = 'segue_id_as_integer_166700cc' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'segue_id_as_bigint_7eaff00d' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'segue_invited_by_as_bigint_0498ba7d' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.lines') AND attname = 'order_id' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'user_id' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'id' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.profiles') AND attname = 'user_id' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.tags') AND attname = 'id' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'id' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_segue_order_id_as_bigint_4f3ef904_not_null_360289ba')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.profiles') AND conname = 'segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tags') AND conname = 'segue_segue_id_as_integer_166700cc_not_null_5f64e4ad')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'lines_pkey')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_lines_order_id_fkey_0d9eb6dd')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.logins') AND conname = 'segue_logins_user_id_fkey_a4372c6d')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'orders_pkey')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_orders_user_id_fkey_99a13a2c')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_parcels_line_7c53cc42')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.pictures') AND conname = 'segue_pictures_profile_id_fkey_ffbfa4a6')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.profiles') AND conname = 'profiles_pkey')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.profiles') AND conname = 'segue_profiles_user_id_fkey_7f10dfc9')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tagged') AND conname = 'segue_tagged_order_id_fkey_53e17574')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tagged') AND conname = 'segue_tagged_tag_id_fkey_87387884')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tags') AND conname = 'tags_pkey')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_pkey')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_users_invited_by_fkey_f8535f71') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '88ms';
LOCK TABLE public.lines, public.logins, public.orders, public.parcels, public.pictures, public.profiles, public.tagged, public.tags, public.users IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.lines') AND conname = 'segue_order_id_as_bigint_603b4a0e' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.lines: it is not proven that the copy of order_id is order_id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_user_id_as_bigint_0d034d59' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.orders: it is not proven that the copy of user_id is user_id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_id_as_bigint_1bb378af' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.orders: it is not proven that the copy of id is id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'segue_order_id_as_bigint_603b4a0e' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.parcels: it is not proven that the copy of order_id is order_id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.pictures') AND conname = 'segue_profile_id_as_bigint_49e8ae15' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.pictures: it is not proven that the copy of profile_id is profile_id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.profiles') AND conname = 'segue_user_id_as_bigint_0d034d59' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.profiles: it is not proven that the copy of user_id is user_id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tagged') AND conname = 'segue_order_id_as_bigint_603b4a0e' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.tagged: it is not proven that the copy of order_id is order_id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tagged') AND conname = 'segue_tag_id_as_integer_ee869b25' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.tagged: it is not proven that the copy of tag_id is tag_id as integer'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.tags') AND conname = 'segue_id_as_integer_04cfe5aa' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.tags: it is not proven that the copy of id is id as integer'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_id_as_bigint_1bb378af' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.users: it is not proven that the copy of id is id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_invited_by_as_bigint_17d86f1f' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.users: it is not proven that the copy of invited_by is invited_by as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_lines_867334eb ON public.lines;
DROP FUNCTION IF EXISTS segue.segue_public_lines_sync_dab9806e();
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_orders_2c7648f1 ON public.orders;
DROP FUNCTION IF EXISTS segue.segue_public_orders_sync_da326514();
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_parcels_53c7ed8e ON public.parcels;
DROP FUNCTION IF EXISTS segue.segue_public_parcels_sync_354c80c1();
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_pictures_d3d1e003 ON public.pictures;
DROP FUNCTION IF EXISTS segue.segue_public_pictures_sync_b56ca536();
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_profiles_204a4622 ON public.profiles;
DROP FUNCTION IF EXISTS segue.segue_public_profiles_sync_1ceb3ea5();
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_tagged_c07b6c8c ON public.tagged;
DROP FUNCTION IF EXISTS segue.segue_public_tagged_sync_177fc787();
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_tags_2adc6b69 ON public.tags;
DROP FUNCTION IF EXISTS segue.segue_public_tags_sync_6e9bac3c();
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_users_8b73d7d0 ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_sync_e5577a8b();
ALTER TABLE public.lines DROP CONSTRAINT IF EXISTS lines_order_id_fkey;
ALTER TABLE public.logins DROP CONSTRAINT IF EXISTS logins_user_id_fkey;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS orders_user_id_fkey;
ALTER TABLE public.parcels DROP CONSTRAINT IF EXISTS parcels_line;
ALTER TABLE public.pictures DROP CONSTRAINT IF EXISTS pictures_profile_id_fkey;
ALTER TABLE public.profiles DROP CONSTRAINT IF EXISTS profiles_user_id_fkey;
ALTER TABLE public.tagged DROP CONSTRAINT IF EXISTS tagged_order_id_fkey;
ALTER TABLE public.tagged DROP CONSTRAINT IF EXISTS tagged_tag_id_fkey;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS users_invited_by_fkey;
ALTER TABLE public.lines DROP CONSTRAINT IF EXISTS segue_order_id_as_bigint_603b4a0e;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_user_id_as_bigint_0d034d59;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_id_as_bigint_1bb378af;
ALTER TABLE public.parcels DROP CONSTRAINT IF EXISTS segue_order_id_as_bigint_603b4a0e;
ALTER TABLE public.pictures DROP CONSTRAINT IF EXISTS segue_profile_id_as_bigint_49e8ae15;
ALTER TABLE public.profiles DROP CONSTRAINT IF EXISTS segue_user_id_as_bigint_0d034d59;
ALTER TABLE public.tagged DROP CONSTRAINT IF EXISTS segue_order_id_as_bigint_603b4a0e;
ALTER TABLE public.tagged DROP CONSTRAINT IF EXISTS segue_tag_id_as_integer_ee869b25;
ALTER TABLE public.tags DROP CONSTRAINT IF EXISTS segue_id_as_integer_04cfe5aa;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_id_as_bigint_1bb378af;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_invited_by_as_bigint_17d86f1f;
-- the identity sequence's place is kept for the new one
SELECT pg_catalog.set_config('segue.identity_7e665a71', s.last_value::text || ' ' || s.is_called::text, true) FROM public.orders_id_seq AS s;
SELECT pg_catalog.set_config('segue.identity_c8eef991', s.last_value::text || ' ' || s.is_called::text, true) FROM public.tags_id_seq AS s;
-- the sequence stays when the old column goes
ALTER SEQUENCE public.users_id_seq OWNED BY public.users.segue_id_as_bigint_7eaff00d;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.lines DROP COLUMN IF EXISTS order_id RESTRICT;
ALTER TABLE public.orders DROP COLUMN IF EXISTS user_id RESTRICT;
ALTER TABLE public.orders DROP COLUMN IF EXISTS id RESTRICT;
ALTER TABLE public.parcels DROP COLUMN IF EXISTS order_id RESTRICT;
ALTER TABLE public.pictures DROP COLUMN IF EXISTS profile_id RESTRICT;
ALTER TABLE public.profiles DROP COLUMN IF EXISTS user_id RESTRICT;
ALTER TABLE public.tagged DROP COLUMN IF EXISTS order_id RESTRICT;
ALTER TABLE public.tagged DROP COLUMN IF EXISTS tag_id RESTRICT;
ALTER TABLE public.tags DROP COLUMN IF EXISTS id RESTRICT;
ALTER TABLE public.users DROP COLUMN IF EXISTS id RESTRICT;
ALTER TABLE public.users DROP COLUMN IF EXISTS invited_by RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.lines RENAME COLUMN segue_order_id_as_bigint_4f3ef904 TO order_id;
ALTER TABLE public.orders RENAME COLUMN segue_user_id_as_bigint_71f436c7 TO user_id;
ALTER TABLE public.orders RENAME COLUMN segue_id_as_bigint_7eaff00d TO id;
ALTER TABLE public.parcels RENAME COLUMN segue_order_id_as_bigint_4f3ef904 TO order_id;
ALTER TABLE public.pictures RENAME COLUMN segue_profile_id_as_bigint_6879a163 TO profile_id;
ALTER TABLE public.profiles RENAME COLUMN segue_user_id_as_bigint_71f436c7 TO user_id;
ALTER TABLE public.tagged RENAME COLUMN segue_order_id_as_bigint_4f3ef904 TO order_id;
ALTER TABLE public.tagged RENAME COLUMN segue_tag_id_as_integer_8a4a60c7 TO tag_id;
ALTER TABLE public.tags RENAME COLUMN segue_id_as_integer_166700cc TO id;
ALTER TABLE public.users RENAME COLUMN segue_id_as_bigint_7eaff00d TO id;
ALTER TABLE public.users RENAME COLUMN segue_invited_by_as_bigint_0498ba7d TO invited_by;
-- proven by the validated CHECK: no scan
ALTER TABLE public.lines ALTER COLUMN order_id SET NOT NULL;
ALTER TABLE public.orders ALTER COLUMN user_id SET NOT NULL;
ALTER TABLE public.orders ALTER COLUMN id SET NOT NULL;
ALTER TABLE public.profiles ALTER COLUMN user_id SET NOT NULL;
ALTER TABLE public.tags ALTER COLUMN id SET NOT NULL;
ALTER TABLE public.users ALTER COLUMN id SET NOT NULL;
ALTER TABLE public.lines DROP CONSTRAINT IF EXISTS segue_segue_order_id_as_bigint_4f3ef904_not_null_360289ba;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
ALTER TABLE public.profiles DROP CONSTRAINT IF EXISTS segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b;
ALTER TABLE public.tags DROP CONSTRAINT IF EXISTS segue_segue_id_as_integer_166700cc_not_null_5f64e4ad;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
-- identity, from where the old one stopped
ALTER TABLE public.orders ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.orders_id_seq START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1);
SELECT pg_catalog.setval('public.orders_id_seq', split_part(v, ' ', 1)::bigint, split_part(v, ' ', 2)::boolean)
  FROM pg_catalog.current_setting('segue.identity_7e665a71') AS v;
COMMENT ON SEQUENCE public.orders_id_seq IS 'in the order of their coming';
GRANT SELECT ON SEQUENCE public.orders_id_seq TO golden_reader;
GRANT USAGE ON SEQUENCE public.orders_id_seq TO golden_reader;
ALTER TABLE public.tags ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.tags_id_seq START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 CACHE 1);
SELECT pg_catalog.setval('public.tags_id_seq', split_part(v, ' ', 1)::bigint, split_part(v, ' ', 2)::boolean)
  FROM pg_catalog.current_setting('segue.identity_c8eef991') AS v;
-- the sequence goes on beyond the old type
ALTER SEQUENCE public.users_id_seq AS bigint;
-- the default comes when the old column is gone: earlier it would win over an old INSERT's value
ALTER TABLE public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);
-- names and constraints go over to the new indexes
ALTER TABLE public.lines ADD CONSTRAINT lines_pkey PRIMARY KEY USING INDEX segue_lines_pkey_f98849c0;
ALTER TABLE public.lines RENAME CONSTRAINT segue_lines_order_id_fkey_0d9eb6dd TO lines_order_id_fkey;
ALTER TABLE public.logins RENAME CONSTRAINT segue_logins_user_id_fkey_a4372c6d TO logins_user_id_fkey;
ALTER TABLE public.orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX segue_orders_pkey_a222d19c;
DROP INDEX IF EXISTS public.orders_user_id_idx;
ALTER INDEX public.segue_orders_user_id_idx_dabc23a4 RENAME TO orders_user_id_idx;
ALTER TABLE public.orders RENAME CONSTRAINT segue_orders_user_id_fkey_99a13a2c TO orders_user_id_fkey;
ALTER TABLE public.parcels RENAME CONSTRAINT segue_parcels_line_7c53cc42 TO parcels_line;
ALTER TABLE public.pictures RENAME CONSTRAINT segue_pictures_profile_id_fkey_ffbfa4a6 TO pictures_profile_id_fkey;
ALTER TABLE public.profiles ADD CONSTRAINT profiles_pkey PRIMARY KEY USING INDEX segue_profiles_pkey_069735f9;
ALTER TABLE public.profiles RENAME CONSTRAINT segue_profiles_user_id_fkey_7f10dfc9 TO profiles_user_id_fkey;
ALTER TABLE public.tagged RENAME CONSTRAINT segue_tagged_order_id_fkey_53e17574 TO tagged_order_id_fkey;
ALTER TABLE public.tagged RENAME CONSTRAINT segue_tagged_tag_id_fkey_87387884 TO tagged_tag_id_fkey;
ALTER TABLE public.tags ADD CONSTRAINT tags_pkey PRIMARY KEY USING INDEX segue_tags_pkey_e40eb528;
ALTER TABLE public.users ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX segue_users_pkey_a435770d;
ALTER TABLE public.users RENAME CONSTRAINT segue_users_invited_by_fkey_f8535f71 TO users_invited_by_fkey;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
