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

SELECT segue.enter('input', '', 2, '5ef3b02a0455108f78195924b806400002eba8f89a2779e67fe583ee54c64f0b') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.customers ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.customers, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_customers_88f45b71 ON public.customers;
--        …
-- from   line 1: rename customers.no -> customer_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.customers') AND tgname = 'zz_segue_sync_segue_public_customers_88f45b71' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_customers_customer_id_null_function_3af8c184() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.no := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.customers', 'zz_segue_null_segue_public_customers_customer_id_null_81ff3f34');
CREATE TRIGGER zz_segue_null_segue_public_customers_customer_id_null_81ff3f34 BEFORE UPDATE OF customer_id ON public.customers
  FOR EACH ROW WHEN (NEW.customer_id IS NULL AND OLD.customer_id IS NULL AND NEW.no IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.no), ROW(NEW.no)))
  EXECUTE FUNCTION segue.segue_public_customers_customer_id_null_function_3af8c184();
ALTER TABLE public.customers ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_customers_customer_id_null_81ff3f34;
CREATE OR REPLACE FUNCTION segue.segue_public_customers_sync_56dbfc94() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- no and customer_id say the same; where both changed, the new one wins
  IF (NEW.no OPERATOR(pg_catalog.=) NEW.customer_id
      OR (NEW.no IS NULL AND NEW.customer_id IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.customer_id IS NOT NULL THEN
        NEW.no := NEW.customer_id;
      ELSE
        NEW.customer_id := NEW.no;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.customer_id), ROW(NEW.customer_id)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.no), ROW(NEW.no)) THEN
        PERFORM segue.note_disagreement('input', 'public.customers', 'no, customer_id');
      END IF;
      NEW.no := NEW.customer_id;
    ELSE
      NEW.customer_id := NEW.no;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.customers', 'zz_segue_sync_segue_public_customers_88f45b71');
CREATE TRIGGER zz_segue_sync_segue_public_customers_88f45b71 BEFORE INSERT OR UPDATE ON public.customers
  FOR EACH ROW WHEN ((NEW.no OPERATOR(pg_catalog.=) NEW.customer_id
      OR (NEW.no IS NULL AND NEW.customer_id IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_customers_sync_56dbfc94();
ALTER TABLE public.customers ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_customers_88f45b71;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
