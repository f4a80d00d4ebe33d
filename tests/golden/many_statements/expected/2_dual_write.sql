-- tidy · phase 2 of 4: dual-write
-- Several things at once: one backfill for each table
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

SELECT segue.enter('tidy', 'Several things at once: one backfill for each table', 2, '1278373e2502de1e7ed008245af3954c5dac00d1b238644adc49e09092351095') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Look for rows without public.orders.user_id ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.orders
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 9: require orders.user_id
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.orders WHERE user_id IS NULL
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.orders have no user_id'
      USING DETAIL = found, HINT = 'give them a value, or say `backfill …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 2.2  Dual-write on public.orders ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_orders_7f2bbc5b ON public.orders; …
-- from   line 7: rename orders.total -> total_cents
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.orders') AND tgname = 'zz_segue_sync_segue_public_orders_7f2bbc5b' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_orders_total_cents_null_function_8eeaf9fc() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.total := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_null_segue_public_orders_total_cents_null_576d631c');
CREATE TRIGGER zz_segue_null_segue_public_orders_total_cents_null_576d631c BEFORE UPDATE OF total_cents ON public.orders
  FOR EACH ROW WHEN (NEW.total_cents IS NULL AND OLD.total_cents IS NULL AND NEW.total IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.total), ROW(NEW.total)))
  EXECUTE FUNCTION segue.segue_public_orders_total_cents_null_function_8eeaf9fc();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_orders_total_cents_null_576d631c;
CREATE OR REPLACE FUNCTION segue.segue_public_orders_sync_31b6cefe() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- total and total_cents say the same; where both changed, the new one wins
  IF (NEW.total OPERATOR(pg_catalog.=) NEW.total_cents
      OR (NEW.total IS NULL AND NEW.total_cents IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.total_cents IS NOT NULL THEN
        NEW.total := NEW.total_cents;
      ELSE
        NEW.total_cents := NEW.total;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.total_cents), ROW(NEW.total_cents)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.total), ROW(NEW.total)) THEN
        PERFORM segue.note_disagreement('tidy', 'public.orders', 'total, total_cents');
      END IF;
      NEW.total := NEW.total_cents;
    ELSE
      NEW.total_cents := NEW.total;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.orders', 'zz_segue_sync_segue_public_orders_7f2bbc5b');
CREATE TRIGGER zz_segue_sync_segue_public_orders_7f2bbc5b BEFORE INSERT OR UPDATE ON public.orders
  FOR EACH ROW WHEN ((NEW.total OPERATOR(pg_catalog.=) NEW.total_cents
      OR (NEW.total IS NULL AND NEW.total_cents IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_orders_sync_31b6cefe();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_orders_7f2bbc5b;
COMMIT;
\endif

-- ── 2.3  Dual-write on public.users ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_users_95aa3ad2 ON public.users; …
-- from   line 4: rename users.email -> login
-- from   line 5: add users.phone text required backfill 'unknown'
-- from   line 6: require users.country backfill 'XX'
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.users') AND tgname = 'zz_segue_sync_segue_public_users_95aa3ad2' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_users_login_null_function_4cc8509e() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.email := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.users', 'zz_segue_null_segue_public_users_login_null_2db2e38e');
CREATE TRIGGER zz_segue_null_segue_public_users_login_null_2db2e38e BEFORE UPDATE OF login ON public.users
  FOR EACH ROW WHEN (NEW.login IS NULL AND OLD.login IS NULL AND NEW.email IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.email), ROW(NEW.email)))
  EXECUTE FUNCTION segue.segue_public_users_login_null_function_4cc8509e();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_users_login_null_2db2e38e;
CREATE OR REPLACE FUNCTION segue.segue_public_users_sync_d0c52ab5() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- email and login say the same; where both changed, the new one wins
  IF (NEW.email OPERATOR(pg_catalog.=) NEW.login
      OR (NEW.email IS NULL AND NEW.login IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.login IS NOT NULL THEN
        NEW.email := NEW.login;
      ELSE
        NEW.login := NEW.email;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.login), ROW(NEW.login)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.email), ROW(NEW.email)) THEN
        PERFORM segue.note_disagreement('tidy', 'public.users', 'email, login');
      END IF;
      NEW.email := NEW.login;
    ELSE
      NEW.login := NEW.email;
    END IF;
  END IF;
  -- the old release does not know phone
  IF NEW.phone IS NULL THEN
    NEW.phone := 'unknown';
  END IF;
  -- country is to be required
  IF NEW.country IS NULL THEN
    NEW.country := 'XX';
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.users', 'zz_segue_sync_segue_public_users_95aa3ad2');
CREATE TRIGGER zz_segue_sync_segue_public_users_95aa3ad2 BEFORE INSERT OR UPDATE ON public.users
  FOR EACH ROW WHEN ((((NEW.email OPERATOR(pg_catalog.=) NEW.login
      OR (NEW.email IS NULL AND NEW.login IS NULL)) IS NOT TRUE)
    OR (NEW.phone IS NULL)
    OR (NEW.country IS NULL))
    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION segue.segue_public_users_sync_d0c52ab5();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_users_95aa3ad2;
COMMIT;
\endif

-- ── 2.4  Add segue_user_id_not_null_1f8c4b04 to public.orders ──
-- why    user_id may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_user_id_not_null_1f8c4b04;
-- from   line 9: require orders.user_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_user_id_not_null_1f8c4b04') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  ADD CONSTRAINT segue_user_id_not_null_1f8c4b04 CHECK (user_id IS NOT NULL) NOT VALID;
COMMIT;
\endif

SELECT segue.leave('tidy', 2) AS "phase complete";
