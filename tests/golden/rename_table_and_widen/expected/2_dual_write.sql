-- input · phase 2 of 4: dual-write
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

SELECT segue.enter('input', '', 2, '1f914e597eeee79d9a6176964b2f07d3bc4f6c8f8e6d35385d854d8e106ed094') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.people ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_people_6ab9eb43 ON public.people; DROP
--        FUNCTION IF EXISTS segue.segue_public_people_sync_b88411f6();
-- from   line 5: widen people.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.people') AND tgname = 'zz_segue_sync_segue_public_people_6ab9eb43' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_people_sync_b88411f6() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- id and its copy of the new type say the same
  IF (NEW.segue_id_as_bigint_7eaff00d OPERATOR(pg_catalog.=) NEW.id::bigint
      OR (NEW.segue_id_as_bigint_7eaff00d IS NULL AND NEW.id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_id_as_bigint_7eaff00d := NEW.id::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.people', 'zz_segue_sync_segue_public_people_6ab9eb43');
CREATE TRIGGER zz_segue_sync_segue_public_people_6ab9eb43 BEFORE INSERT OR UPDATE ON public.people
  FOR EACH ROW WHEN ((NEW.segue_id_as_bigint_7eaff00d OPERATOR(pg_catalog.=) NEW.id::bigint
      OR (NEW.segue_id_as_bigint_7eaff00d IS NULL AND NEW.id::bigint IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_people_sync_b88411f6();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_people_6ab9eb43;
COMMIT;
\endif

-- ── 2.2  Dual-write on public.purchases ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.purchases, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_purchases_f4b1e678 ON public.purchases;
--        DROP FUNCTION IF EXISTS segue.segue_public_purchases_sync_e9273ee3();
-- from   line 4: widen purchases.id -> bigint
-- from   line 5: widen people.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.purchases') AND tgname = 'zz_segue_sync_segue_public_purchases_f4b1e678' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_purchases_sync_e9273ee3() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- id and its copy of the new type say the same
  IF (NEW.segue_id_as_bigint_7eaff00d OPERATOR(pg_catalog.=) NEW.id::bigint
      OR (NEW.segue_id_as_bigint_7eaff00d IS NULL AND NEW.id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_id_as_bigint_7eaff00d := NEW.id::bigint;
  END IF;
  -- user_id and its copy of the new type say the same
  IF (NEW.segue_user_id_as_bigint_71f436c7 OPERATOR(pg_catalog.=) NEW.user_id::bigint
      OR (NEW.segue_user_id_as_bigint_71f436c7 IS NULL AND NEW.user_id::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_user_id_as_bigint_71f436c7 := NEW.user_id::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.purchases', 'zz_segue_sync_segue_public_purchases_f4b1e678');
CREATE TRIGGER zz_segue_sync_segue_public_purchases_f4b1e678 BEFORE INSERT OR UPDATE ON public.purchases
  FOR EACH ROW WHEN (((NEW.segue_id_as_bigint_7eaff00d OPERATOR(pg_catalog.=) NEW.id::bigint
      OR (NEW.segue_id_as_bigint_7eaff00d IS NULL AND NEW.id::bigint IS NULL)) IS NOT TRUE)
    OR ((NEW.segue_user_id_as_bigint_71f436c7 OPERATOR(pg_catalog.=) NEW.user_id::bigint
      OR (NEW.segue_user_id_as_bigint_71f436c7 IS NULL AND NEW.user_id::bigint IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_purchases_sync_e9273ee3();
ALTER TABLE public.purchases ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_purchases_f4b1e678;
COMMIT;
\endif

-- ── 2.3  Dual-write on public.user_cards ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.user_cards, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_user_cards_78c7843b ON
--        public.user_cards; DROP FUNCTION IF EXISTS segue.segue_public_user_cards_sync_1fc588de();
-- from   line 5: widen people.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.user_cards') AND tgname = 'zz_segue_sync_segue_public_user_cards_78c7843b' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_user_cards_sync_1fc588de() RETURNS trigger
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
CALL segue.clear_trigger('public.user_cards', 'zz_segue_sync_segue_public_user_cards_78c7843b');
CREATE TRIGGER zz_segue_sync_segue_public_user_cards_78c7843b BEFORE INSERT OR UPDATE ON public.user_cards
  FOR EACH ROW WHEN ((NEW.segue_user_id_as_bigint_71f436c7 OPERATOR(pg_catalog.=) NEW.user_id::bigint
      OR (NEW.segue_user_id_as_bigint_71f436c7 IS NULL AND NEW.user_id::bigint IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_user_cards_sync_1fc588de();
ALTER TABLE public.user_cards ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_user_cards_78c7843b;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
