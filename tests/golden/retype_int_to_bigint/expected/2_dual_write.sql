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

SELECT segue.enter('input', '', 2, 'cfd8915e5372477fa23412f72b9ecb13cb8b956cc3b5ee39267fb254bbc12a93') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.counters ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.counters, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_counters_1abc2395 ON public.counters;
--        DROP FUNCTION IF EXISTS segue.segue_public_counters_sync_5e1788c8();
-- from   line 1: retype counters.hits -> bigint
-- from   line 2: retype counters.misses -> bigint back (misses::integer)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.counters') AND tgname = 'zz_segue_sync_segue_public_counters_1abc2395' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_counters_sync_5e1788c8() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- hits and its copy of the new type say the same
  IF (NEW.segue_hits_as_bigint_f477ecfe OPERATOR(pg_catalog.=) NEW.hits::bigint
      OR (NEW.segue_hits_as_bigint_f477ecfe IS NULL AND NEW.hits::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_hits_as_bigint_f477ecfe := NEW.hits::bigint;
  END IF;
  -- misses and its copy of the new type say the same
  IF (NEW.segue_misses_as_bigint_e131af68 OPERATOR(pg_catalog.=) NEW.misses::bigint
      OR (NEW.segue_misses_as_bigint_e131af68 IS NULL AND NEW.misses::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_misses_as_bigint_e131af68 := NEW.misses::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.counters', 'zz_segue_sync_segue_public_counters_1abc2395');
CREATE TRIGGER zz_segue_sync_segue_public_counters_1abc2395 BEFORE INSERT OR UPDATE ON public.counters
  FOR EACH ROW WHEN (((NEW.segue_hits_as_bigint_f477ecfe OPERATOR(pg_catalog.=) NEW.hits::bigint
      OR (NEW.segue_hits_as_bigint_f477ecfe IS NULL AND NEW.hits::bigint IS NULL)) IS NOT TRUE)
    OR ((NEW.segue_misses_as_bigint_e131af68 OPERATOR(pg_catalog.=) NEW.misses::bigint
      OR (NEW.segue_misses_as_bigint_e131af68 IS NULL AND NEW.misses::bigint IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_counters_sync_5e1788c8();
ALTER TABLE public.counters ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_counters_1abc2395;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
