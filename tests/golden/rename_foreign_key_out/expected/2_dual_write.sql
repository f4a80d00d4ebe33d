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

SELECT segue.enter('input', '', 2, '7c4e555370e894dd1ef4b0bb827dd00fb12a5b549a07f0815c326d3e6ef0f559') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on public.players ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on public.players, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_players_3bd2a532 ON public.players; …
-- from   line 1: rename players.team -> team_id
-- from   line 2: rename players.loan -> on_loan_from
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('public.players') AND tgname = 'zz_segue_sync_segue_public_players_3bd2a532' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue.segue_public_players_team_id_null_function_d837d210() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.team := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.players', 'zz_segue_null_segue_public_players_team_id_null_04bbfd98');
CREATE TRIGGER zz_segue_null_segue_public_players_team_id_null_04bbfd98 BEFORE UPDATE OF team_id ON public.players
  FOR EACH ROW WHEN (NEW.team_id IS NULL AND OLD.team_id IS NULL AND NEW.team IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.team), ROW(NEW.team)))
  EXECUTE FUNCTION segue.segue_public_players_team_id_null_function_d837d210();
ALTER TABLE public.players ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_players_team_id_null_04bbfd98;
CREATE OR REPLACE FUNCTION segue.segue_public_players_on_loan_from_null_function_9489ffba() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.loan := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.players', 'zz_segue_null_segue_public_players_on_loan_from_null_841dd442');
CREATE TRIGGER zz_segue_null_segue_public_players_on_loan_from_null_841dd442 BEFORE UPDATE OF on_loan_from ON public.players
  FOR EACH ROW WHEN (NEW.on_loan_from IS NULL AND OLD.on_loan_from IS NULL AND NEW.loan IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.loan), ROW(NEW.loan)))
  EXECUTE FUNCTION segue.segue_public_players_on_loan_from_null_function_9489ffba();
ALTER TABLE public.players ENABLE ALWAYS TRIGGER zz_segue_null_segue_public_players_on_loan_from_null_841dd442;
CREATE OR REPLACE FUNCTION segue.segue_public_players_sync_17387715() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  -- team and team_id say the same; where both changed, the new one wins
  IF (NEW.team OPERATOR(pg_catalog.=) NEW.team_id
      OR (NEW.team IS NULL AND NEW.team_id IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.team_id IS NOT NULL THEN
        NEW.team := NEW.team_id;
      ELSE
        NEW.team_id := NEW.team;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.team_id), ROW(NEW.team_id)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.team), ROW(NEW.team)) THEN
        PERFORM segue.note_disagreement('input', 'public.players', 'team, team_id');
      END IF;
      NEW.team := NEW.team_id;
    ELSE
      NEW.team_id := NEW.team;
    END IF;
  END IF;
  -- loan and on_loan_from say the same; where both changed, the new one wins
  IF (NEW.loan OPERATOR(pg_catalog.=) NEW.on_loan_from
      OR (NEW.loan IS NULL AND NEW.on_loan_from IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.on_loan_from IS NOT NULL THEN
        NEW.loan := NEW.on_loan_from;
      ELSE
        NEW.on_loan_from := NEW.loan;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.on_loan_from), ROW(NEW.on_loan_from)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.loan), ROW(NEW.loan)) THEN
        PERFORM segue.note_disagreement('input', 'public.players', 'loan, on_loan_from');
      END IF;
      NEW.loan := NEW.on_loan_from;
    ELSE
      NEW.on_loan_from := NEW.loan;
    END IF;
  END IF;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('public.players', 'zz_segue_sync_segue_public_players_3bd2a532');
CREATE TRIGGER zz_segue_sync_segue_public_players_3bd2a532 BEFORE INSERT OR UPDATE ON public.players
  FOR EACH ROW WHEN (((NEW.team OPERATOR(pg_catalog.=) NEW.team_id
      OR (NEW.team IS NULL AND NEW.team_id IS NULL)) IS NOT TRUE)
    OR ((NEW.loan OPERATOR(pg_catalog.=) NEW.on_loan_from
      OR (NEW.loan IS NULL AND NEW.on_loan_from IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue.segue_public_players_sync_17387715();
ALTER TABLE public.players ENABLE ALWAYS TRIGGER zz_segue_sync_segue_public_players_3bd2a532;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
