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

SELECT segue.enter('input', '', 2, '68b0523fc5cf96d5e7c6230c727b0e475de1fe049f6b3937d87c88a2b9160705') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Say how public.prices.amount becomes numeric(12,2) ──
-- why    a value that does not convert becomes NULL here and is listed in phase 3: no statement of
--        the old release fails for it
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP FUNCTION IF EXISTS segue.segue_public_prices_amount_map_a0257ea6(integer); DROP
--        FUNCTION IF EXISTS segue.segue_public_prices_amount_fails_e6a67aa5(integer);
-- from   line 2: retype prices.amount -> numeric(12,2) using (amount / 100.0)
SELECT pg_catalog.to_regprocedure('segue.segue_public_prices_amount_map_a0257ea6(integer)') IS NOT NULL
   AND pg_catalog.to_regprocedure('segue.segue_public_prices_amount_fails_e6a67aa5(integer)') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_prices_amount_map_a0257ea6(integer) RETURNS numeric(12,2)
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "amount" CONSTANT integer := $1;
  segue_new numeric(12,2);
BEGIN
  segue_new := (segue_row.amount / 100.0);
  RETURN segue_new;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_prices_amount_map_a0257ea6(integer) TO PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_public_prices_amount_fails_e6a67aa5(integer) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $segue$
<<segue_row>>
DECLARE
  "amount" CONSTANT integer := $1;
  segue_new numeric(12,2);
BEGIN
  segue_new := (segue_row.amount / 100.0);
  RETURN false;
EXCEPTION WHEN OTHERS THEN
  RETURN true;
END
$segue$;
GRANT EXECUTE ON FUNCTION segue.segue_public_prices_amount_fails_e6a67aa5(integer) TO PUBLIC;
COMMIT;
\endif

-- ── 2.2  Dual-write on public.prices ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.prices, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_prices_31c40b1a ON public.prices; DROP
--        FUNCTION IF EXISTS segue.segue_public_prices_sync_9f3671ad();
-- from   line 2: retype prices.amount -> numeric(12,2) using (amount / 100.0)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.prices') AND tgname = 'zz_segue_sync_segue_public_prices_31c40b1a' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_prices_sync_9f3671ad() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- amount and its copy of the new type say the same
  IF pg_catalog.record_image_ne(ROW(NEW.segue_amount_as_numeric_12_2__56e790d6), ROW(segue.segue_public_prices_amount_map_a0257ea6(NEW.amount))) THEN
    NEW.segue_amount_as_numeric_12_2__56e790d6 := segue.segue_public_prices_amount_map_a0257ea6(NEW.amount);
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.prices', 'zz_segue_sync_segue_public_prices_31c40b1a');
CREATE TRIGGER zz_segue_sync_segue_public_prices_31c40b1a BEFORE INSERT OR UPDATE ON public.prices
  FOR EACH ROW WHEN (pg_catalog.record_image_ne(ROW(NEW.segue_amount_as_numeric_12_2__56e790d6), ROW(segue.segue_public_prices_amount_map_a0257ea6(NEW.amount))))
  EXECUTE FUNCTION segue.segue_public_prices_sync_9f3671ad();
ALTER TABLE public.prices ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_prices_31c40b1a;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
