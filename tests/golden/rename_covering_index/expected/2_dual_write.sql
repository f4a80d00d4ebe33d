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

SELECT segue.enter('input', '', 2, 'b148698e1534b96fd71a7f22e5c6e3d129924cc223fd18abd9e10cae7df7bf26') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.prices ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.prices, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_prices_31c40b1a ON public.prices; …
-- from   line 1: rename prices.cents -> amount_cents
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.prices') AND tgname = 'zz_segue_sync_segue_public_prices_31c40b1a' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_prices_amount_cents_null_function_d1eaed03() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.cents := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.prices', 'zz_segue_null_segue_public_prices_amount_cents_null_56b91c71');
CREATE TRIGGER zz_segue_null_segue_public_prices_amount_cents_null_56b91c71 BEFORE UPDATE OF amount_cents ON public.prices
  FOR EACH ROW WHEN (NEW.amount_cents IS NULL AND OLD.amount_cents IS NULL AND NEW.cents IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.cents), ROW(NEW.cents)))
  EXECUTE FUNCTION segue.segue_public_prices_amount_cents_null_function_d1eaed03();
ALTER TABLE public.prices ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_prices_amount_cents_null_56b91c71;
CREATE OR REPLACE FUNCTION segue.segue_public_prices_sync_9f3671ad() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- cents and amount_cents say the same; where both changed, the new one wins
  IF (NEW.cents OPERATOR(pg_catalog.=) NEW.amount_cents
      OR (NEW.cents IS NULL AND NEW.amount_cents IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.amount_cents IS NOT NULL THEN
        NEW.cents := NEW.amount_cents;
      ELSE
        NEW.amount_cents := NEW.cents;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.amount_cents), ROW(NEW.amount_cents)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.cents), ROW(NEW.cents)) THEN
        PERFORM segue.note_disagreement('input', 'public.prices', 'cents, amount_cents');
      END IF;
      NEW.cents := NEW.amount_cents;
    ELSE
      NEW.amount_cents := NEW.cents;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.prices', 'zz_segue_sync_segue_public_prices_31c40b1a');
CREATE TRIGGER zz_segue_sync_segue_public_prices_31c40b1a BEFORE INSERT OR UPDATE ON public.prices
  FOR EACH ROW WHEN ((NEW.cents OPERATOR(pg_catalog.=) NEW.amount_cents
      OR (NEW.cents IS NULL AND NEW.amount_cents IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_prices_sync_9f3671ad();
ALTER TABLE public.prices ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_prices_31c40b1a;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
