-- input · phase 2 of 4: dual-write
-- Room for more than two billion users and orders
--
-- when   after phase 1; before the release that writes what is new
-- apply  segue apply <this directory> --phase 2
--        or psql -v ON_ERROR_STOP=1 -f 2_dual_write.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

SELECT segue.enter('input', 'Room for more than two billion users and orders', 2, 'af010f061936bad94ec0de8b99809ba28acf8384a66370c30e011aea4bbb91b7') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.lines ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.lines, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_lines_867334eb ON public.lines; DROP
--        FUNCTION IF EXISTS segue.segue_public_lines_sync_dab9806e();
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.lines') AND tgname = 'zz_segue_sync_segue_public_lines_867334eb' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_lines_sync_dab9806e() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- order_id and its copy of the new type say the same
  IF (NEW.segue_order_id_as_bigint_4f3ef904 OPERATOR(pg_catalog.=) NEW.order_id::bigint
      OR (NEW.segue_order_id_as_bigint_4f3ef904 IS NULL AND NEW.order_id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_order_id_as_bigint_4f3ef904 := NEW.order_id::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.lines', 'zz_segue_sync_segue_public_lines_867334eb');
CREATE TRIGGER zz_segue_sync_segue_public_lines_867334eb BEFORE INSERT OR UPDATE ON public.lines
  FOR EACH ROW WHEN ((NEW.segue_order_id_as_bigint_4f3ef904 OPERATOR(pg_catalog.=) NEW.order_id::bigint
      OR (NEW.segue_order_id_as_bigint_4f3ef904 IS NULL AND NEW.order_id::bigint IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_lines_sync_dab9806e();
ALTER TABLE public.lines ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_lines_867334eb;
COMMIT;
\endif

-- ── 2.2  Dual-write on public.orders ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_orders_2c7648f1 ON public.orders; DROP
--        FUNCTION IF EXISTS segue.segue_public_orders_sync_da326514();
-- from   line 3: widen users.id -> bigint
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.orders') AND tgname = 'zz_segue_sync_segue_public_orders_2c7648f1' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_orders_sync_da326514() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- user_id and its copy of the new type say the same
  IF (NEW.segue_user_id_as_bigint_71f436c7 OPERATOR(pg_catalog.=) NEW.user_id::bigint
      OR (NEW.segue_user_id_as_bigint_71f436c7 IS NULL AND NEW.user_id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_user_id_as_bigint_71f436c7 := NEW.user_id::bigint;
  END IF;
  -- id and its copy of the new type say the same
  IF (NEW.segue_id_as_bigint_7eaff00d OPERATOR(pg_catalog.=) NEW.id::bigint
      OR (NEW.segue_id_as_bigint_7eaff00d IS NULL AND NEW.id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_id_as_bigint_7eaff00d := NEW.id::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_sync_segue_public_orders_2c7648f1');
CREATE TRIGGER zz_segue_sync_segue_public_orders_2c7648f1 BEFORE INSERT OR UPDATE ON public.orders
  FOR EACH ROW WHEN (((NEW.segue_user_id_as_bigint_71f436c7 OPERATOR(pg_catalog.=) NEW.user_id::bigint
      OR (NEW.segue_user_id_as_bigint_71f436c7 IS NULL AND NEW.user_id::bigint IS NULL)) IS NOT TRUE)
    OR ((NEW.segue_id_as_bigint_7eaff00d OPERATOR(pg_catalog.=) NEW.id::bigint
      OR (NEW.segue_id_as_bigint_7eaff00d IS NULL AND NEW.id::bigint IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_orders_sync_da326514();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_orders_2c7648f1;
COMMIT;
\endif

-- ── 2.3  Dual-write on public.parcels ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.parcels, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_parcels_53c7ed8e ON public.parcels; DROP
--        FUNCTION IF EXISTS segue.segue_public_parcels_sync_354c80c1();
-- from   line 4: widen orders.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.parcels') AND tgname = 'zz_segue_sync_segue_public_parcels_53c7ed8e' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_parcels_sync_354c80c1() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- order_id and its copy of the new type say the same
  IF (NEW.segue_order_id_as_bigint_4f3ef904 OPERATOR(pg_catalog.=) NEW.order_id::bigint
      OR (NEW.segue_order_id_as_bigint_4f3ef904 IS NULL AND NEW.order_id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_order_id_as_bigint_4f3ef904 := NEW.order_id::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.parcels', 'zz_segue_sync_segue_public_parcels_53c7ed8e');
CREATE TRIGGER zz_segue_sync_segue_public_parcels_53c7ed8e BEFORE INSERT OR UPDATE ON public.parcels
  FOR EACH ROW WHEN ((NEW.segue_order_id_as_bigint_4f3ef904 OPERATOR(pg_catalog.=) NEW.order_id::bigint
      OR (NEW.segue_order_id_as_bigint_4f3ef904 IS NULL AND NEW.order_id::bigint IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_parcels_sync_354c80c1();
ALTER TABLE public.parcels ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_parcels_53c7ed8e;
COMMIT;
\endif

-- ── 2.4  Dual-write on public.pictures ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.pictures, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_pictures_d3d1e003 ON public.pictures;
--        DROP FUNCTION IF EXISTS segue.segue_public_pictures_sync_b56ca536();
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.pictures') AND tgname = 'zz_segue_sync_segue_public_pictures_d3d1e003' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_pictures_sync_b56ca536() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- profile_id and its copy of the new type say the same
  IF (NEW.segue_profile_id_as_bigint_6879a163 OPERATOR(pg_catalog.=) NEW.profile_id::bigint
      OR (NEW.segue_profile_id_as_bigint_6879a163 IS NULL AND NEW.profile_id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_profile_id_as_bigint_6879a163 := NEW.profile_id::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.pictures', 'zz_segue_sync_segue_public_pictures_d3d1e003');
CREATE TRIGGER zz_segue_sync_segue_public_pictures_d3d1e003 BEFORE INSERT OR UPDATE ON public.pictures
  FOR EACH ROW WHEN ((NEW.segue_profile_id_as_bigint_6879a163 OPERATOR(pg_catalog.=) NEW.profile_id::bigint
      OR (NEW.segue_profile_id_as_bigint_6879a163 IS NULL AND NEW.profile_id::bigint IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_pictures_sync_b56ca536();
ALTER TABLE public.pictures ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_pictures_d3d1e003;
COMMIT;
\endif

-- ── 2.5  Dual-write on public.profiles ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.profiles, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_profiles_204a4622 ON public.profiles;
--        DROP FUNCTION IF EXISTS segue.segue_public_profiles_sync_1ceb3ea5();
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.profiles') AND tgname = 'zz_segue_sync_segue_public_profiles_204a4622' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_profiles_sync_1ceb3ea5() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- user_id and its copy of the new type say the same
  IF (NEW.segue_user_id_as_bigint_71f436c7 OPERATOR(pg_catalog.=) NEW.user_id::bigint
      OR (NEW.segue_user_id_as_bigint_71f436c7 IS NULL AND NEW.user_id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_user_id_as_bigint_71f436c7 := NEW.user_id::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.profiles', 'zz_segue_sync_segue_public_profiles_204a4622');
CREATE TRIGGER zz_segue_sync_segue_public_profiles_204a4622 BEFORE INSERT OR UPDATE ON public.profiles
  FOR EACH ROW WHEN ((NEW.segue_user_id_as_bigint_71f436c7 OPERATOR(pg_catalog.=) NEW.user_id::bigint
      OR (NEW.segue_user_id_as_bigint_71f436c7 IS NULL AND NEW.user_id::bigint IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_profiles_sync_1ceb3ea5();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_profiles_204a4622;
COMMIT;
\endif

-- ── 2.6  Dual-write on public.tagged ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.tagged, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_tagged_c07b6c8c ON public.tagged; DROP
--        FUNCTION IF EXISTS segue.segue_public_tagged_sync_177fc787();
-- from   line 4: widen orders.id -> bigint
-- from   line 5: widen tags.id -> integer batch 500
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.tagged') AND tgname = 'zz_segue_sync_segue_public_tagged_c07b6c8c' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_tagged_sync_177fc787() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- order_id and its copy of the new type say the same
  IF (NEW.segue_order_id_as_bigint_4f3ef904 OPERATOR(pg_catalog.=) NEW.order_id::bigint
      OR (NEW.segue_order_id_as_bigint_4f3ef904 IS NULL AND NEW.order_id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_order_id_as_bigint_4f3ef904 := NEW.order_id::bigint;
  END IF;
  -- tag_id and its copy of the new type say the same
  IF (NEW.segue_tag_id_as_integer_8a4a60c7 OPERATOR(pg_catalog.=) NEW.tag_id::integer
      OR (NEW.segue_tag_id_as_integer_8a4a60c7 IS NULL AND NEW.tag_id::integer IS NULL)) IS NOT TRUE THEN
    NEW.segue_tag_id_as_integer_8a4a60c7 := NEW.tag_id::integer;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.tagged', 'zz_segue_sync_segue_public_tagged_c07b6c8c');
CREATE TRIGGER zz_segue_sync_segue_public_tagged_c07b6c8c BEFORE INSERT OR UPDATE ON public.tagged
  FOR EACH ROW WHEN (((NEW.segue_order_id_as_bigint_4f3ef904 OPERATOR(pg_catalog.=) NEW.order_id::bigint
      OR (NEW.segue_order_id_as_bigint_4f3ef904 IS NULL AND NEW.order_id::bigint IS NULL)) IS NOT TRUE)
    OR ((NEW.segue_tag_id_as_integer_8a4a60c7 OPERATOR(pg_catalog.=) NEW.tag_id::integer
      OR (NEW.segue_tag_id_as_integer_8a4a60c7 IS NULL AND NEW.tag_id::integer IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_tagged_sync_177fc787();
ALTER TABLE public.tagged ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_tagged_c07b6c8c;
COMMIT;
\endif

-- ── 2.7  Dual-write on public.tags ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.tags, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_tags_2adc6b69 ON public.tags; DROP
--        FUNCTION IF EXISTS segue.segue_public_tags_sync_6e9bac3c();
-- from   line 5: widen tags.id -> integer batch 500
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.tags') AND tgname = 'zz_segue_sync_segue_public_tags_2adc6b69' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_tags_sync_6e9bac3c() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- id and its copy of the new type say the same
  IF (NEW.segue_id_as_integer_166700cc OPERATOR(pg_catalog.=) NEW.id::integer
      OR (NEW.segue_id_as_integer_166700cc IS NULL AND NEW.id::integer IS NULL)) IS NOT TRUE THEN
    NEW.segue_id_as_integer_166700cc := NEW.id::integer;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.tags', 'zz_segue_sync_segue_public_tags_2adc6b69');
CREATE TRIGGER zz_segue_sync_segue_public_tags_2adc6b69 BEFORE INSERT OR UPDATE ON public.tags
  FOR EACH ROW WHEN ((NEW.segue_id_as_integer_166700cc OPERATOR(pg_catalog.=) NEW.id::integer
      OR (NEW.segue_id_as_integer_166700cc IS NULL AND NEW.id::integer IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_tags_sync_6e9bac3c();
ALTER TABLE public.tags ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_tags_2adc6b69;
COMMIT;
\endif

-- ── 2.8  Dual-write on public.users ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_users_8b73d7d0 ON public.users; DROP
--        FUNCTION IF EXISTS segue.segue_public_users_sync_e5577a8b();
-- from   line 3: widen users.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.users') AND tgname = 'zz_segue_sync_segue_public_users_8b73d7d0' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_users_sync_e5577a8b() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- id and its copy of the new type say the same
  IF (NEW.segue_id_as_bigint_7eaff00d OPERATOR(pg_catalog.=) NEW.id::bigint
      OR (NEW.segue_id_as_bigint_7eaff00d IS NULL AND NEW.id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_id_as_bigint_7eaff00d := NEW.id::bigint;
  END IF;
  -- invited_by and its copy of the new type say the same
  IF (NEW.segue_invited_by_as_bigint_0498ba7d OPERATOR(pg_catalog.=) NEW.invited_by::bigint
      OR (NEW.segue_invited_by_as_bigint_0498ba7d IS NULL AND NEW.invited_by::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_invited_by_as_bigint_0498ba7d := NEW.invited_by::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.users', 'zz_segue_sync_segue_public_users_8b73d7d0');
CREATE TRIGGER zz_segue_sync_segue_public_users_8b73d7d0 BEFORE INSERT OR UPDATE ON public.users
  FOR EACH ROW WHEN (((NEW.segue_id_as_bigint_7eaff00d OPERATOR(pg_catalog.=) NEW.id::bigint
      OR (NEW.segue_id_as_bigint_7eaff00d IS NULL AND NEW.id::bigint IS NULL)) IS NOT TRUE)
    OR ((NEW.segue_invited_by_as_bigint_0498ba7d OPERATOR(pg_catalog.=) NEW.invited_by::bigint
      OR (NEW.segue_invited_by_as_bigint_0498ba7d IS NULL AND NEW.invited_by::bigint IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_users_sync_e5577a8b();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_users_8b73d7d0;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
