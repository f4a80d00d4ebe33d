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

SELECT segue.enter('input', '', 2, 'dc1f2e7f03dfb925f03f7a54a4c78047ed11dd6d3956fdca75a97ec74a392c7e') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.events ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.events, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_events_aa409621 ON public.events; DROP
--        FUNCTION IF EXISTS segue.segue_public_events_sync_51ffa424();
-- from   line 1: retype events.score -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.events') AND tgname = 'zz_segue_sync_segue_public_events_aa409621' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '160ms';
CREATE OR REPLACE FUNCTION segue.segue_public_events_sync_51ffa424() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- score and its copy of the new type say the same
  IF (NEW.segue_score_as_bigint_cfec3648 OPERATOR(pg_catalog.=) NEW.score::bigint
      OR (NEW.segue_score_as_bigint_cfec3648 IS NULL AND NEW.score::bigint IS NULL)) IS NOT TRUE THEN
    NEW.segue_score_as_bigint_cfec3648 := NEW.score::bigint;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.events', 'zz_segue_sync_segue_public_events_aa409621');
CREATE TRIGGER zz_segue_sync_segue_public_events_aa409621 BEFORE INSERT OR UPDATE ON public.events
  FOR EACH ROW WHEN ((NEW.segue_score_as_bigint_cfec3648 OPERATOR(pg_catalog.=) NEW.score::bigint
      OR (NEW.segue_score_as_bigint_cfec3648 IS NULL AND NEW.score::bigint IS NULL)) IS NOT TRUE)
  EXECUTE FUNCTION segue.segue_public_events_sync_51ffa424();
ALTER TABLE public.events ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_events_aa409621;
ALTER TABLE public.events_2023 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_events_aa409621;
ALTER TABLE public.events_2024 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_events_aa409621;
ALTER TABLE public.events_2024_0 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_events_aa409621;
ALTER TABLE public.events_2024_1 ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_events_aa409621;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
