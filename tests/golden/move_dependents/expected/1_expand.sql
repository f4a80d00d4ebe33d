-- input · phase 1 of 4: expand
--
-- when   any time; the release that runs now goes on unchanged
-- apply  segue apply <this directory> --phase 1
--        or psql -v ON_ERROR_STOP=1 -f 1_expand.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

-- ── The ledger ── where this database keeps account of its changes ──
BEGIN;
CREATE SCHEMA IF NOT EXISTS segue;

CREATE TABLE IF NOT EXISTS segue.ledger_version (
  version integer PRIMARY KEY
);
INSERT INTO segue.ledger_version VALUES (3) ON CONFLICT DO NOTHING;

-- One row per change that this database has met.
CREATE TABLE IF NOT EXISTS segue.change (
  name        text PRIMARY KEY,
  title       text NOT NULL DEFAULT '',
  digest      text,              -- SHA-256 of plan.json; NULL while only psql has applied it
  fingerprint text NOT NULL,     -- of the catalogue that the plan was made for
  plan        jsonb,             -- plan.json; NULL while only psql has applied it
  owned       jsonb,             -- objects that the plan makes, for the drift check of other plans
  met_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Where each change stands. A phase that was undone keeps its row, as 'undone'; while it is being
-- undone it is 'undoing'.
CREATE TABLE IF NOT EXISTS segue.phase (
  change      text NOT NULL REFERENCES segue.change (name),
  phase       integer NOT NULL CHECK (phase BETWEEN 1 AND 4),
  state       text NOT NULL CHECK (state IN ('running', 'complete', 'undoing', 'undone')),
  started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  applied_by  text NOT NULL DEFAULT session_user,
  runner      text NOT NULL,     -- 'segue 0.1.0' or 'psql'
  app_release text,
  checksum    text,              -- of the phase's file
  PRIMARY KEY (change, phase)
);

CREATE TABLE IF NOT EXISTS segue.step (
  change       text NOT NULL REFERENCES segue.change (name),
  step         text NOT NULL,    -- '3.2'
  phase        integer NOT NULL,
  title        text NOT NULL,
  hash         text NOT NULL,
  state        text NOT NULL CHECK (state IN ('running', 'done', 'undone')),
  started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at  timestamptz,
  attempts     integer NOT NULL DEFAULT 1,
  lock_wait_ms double precision NOT NULL DEFAULT 0,  -- the longest single wait for a lock
  rows         bigint,
  applied_by   text NOT NULL DEFAULT session_user,
  PRIMARY KEY (change, step)
);

-- What happened, in order; never changed, never deleted.
CREATE TABLE IF NOT EXISTS segue.event (
  id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  who    text NOT NULL DEFAULT session_user,
  change text NOT NULL,
  phase  integer,
  step   text,
  what   text NOT NULL,          -- 'phase complete', 'step done', 'undone', 'soak skipped', …
  detail text
);

-- Releases that somebody said are fully out.
CREATE TABLE IF NOT EXISTS segue.release (
  change          text NOT NULL REFERENCES segue.change (name),
  name            text NOT NULL,
  acknowledged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  acknowledged_by text NOT NULL DEFAULT session_user,
  PRIMARY KEY (change, name)
);

-- How far a backfill has come; written in the transaction of each batch.
CREATE TABLE IF NOT EXISTS segue.cursor (
  change   text NOT NULL,
  step     text NOT NULL,
  relation text NOT NULL,        -- the leaf table, quoted and qualified
  part     integer NOT NULL DEFAULT 0,  -- a worker's share
  pass     integer NOT NULL DEFAULT 0,  -- 0: the fill, 1 and on: the sweeps
  position bigint NOT NULL,      -- blocks below this one are done
  upper    bigint NOT NULL,      -- the block that this pass ends before
  stripe   integer NOT NULL DEFAULT 0,
  rows     bigint NOT NULL DEFAULT 0,
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (change, step, relation, part)
);

-- An UPDATE that set old and new column to values that do not agree: the new one won.
CREATE TABLE IF NOT EXISTS segue.disagreement (
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  change   text NOT NULL,
  relation text NOT NULL,
  columns  text NOT NULL,
  app      text NOT NULL DEFAULT current_setting('application_name')
);

-- How the sessions of the release before are called: a LIKE pattern of application_name.
CREATE TABLE IF NOT EXISTS segue.old_release (
  change  text NOT NULL,
  pattern text NOT NULL,
  PRIMARY KEY (change, pattern)
);

-- How often each statement had been called when a release was acknowledged (pg_stat_statements).
CREATE TABLE IF NOT EXISTS segue.statement_count (
  change  text NOT NULL,
  role    oid NOT NULL,
  queryid bigint NOT NULL,
  calls   numeric NOT NULL,
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (change, role, queryid)
);

-- Who still wrote what is old, as a tripwire saw it. Rows are only ever added, and no key or foreign
-- key ties them: transactions of the app never wait for each other here.
CREATE TABLE IF NOT EXISTS segue.sighting (
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  change   text NOT NULL,
  relation text NOT NULL,
  columns  text NOT NULL,
  app      text NOT NULL,
  role     text NOT NULL DEFAULT session_user
);
CREATE INDEX IF NOT EXISTS sighting_change_at ON segue.sighting (change, at);

-- For an app that checks at start-up which phase it meets, and for any role:
--   SELECT phase >= 3 FROM segue.status WHERE change = 'display_name'
-- `phase` is the last one that is complete; one that is half done, or half undone, is in `running`.
CREATE OR REPLACE VIEW segue.status AS
  SELECT c.name AS change,
         c.title,
         coalesce(p.phase, 0) AS phase,
         CASE coalesce(p.phase, 0) WHEN 0 THEN 'none' WHEN 1 THEN 'expand' WHEN 2 THEN 'dual-write'
              WHEN 3 THEN 'backfill' ELSE 'contract' END AS phase_name,
         r.phase AS running,
         p.finished_at AS since,
         p.app_release,
         p.applied_by
    FROM segue.change c
    LEFT JOIN LATERAL (SELECT * FROM segue.phase
                        WHERE change = c.name AND state = 'complete'
                        ORDER BY phase DESC LIMIT 1) p ON true
    LEFT JOIN LATERAL (SELECT phase FROM segue.phase
                        WHERE change = c.name AND state IN ('running', 'undoing')
                        ORDER BY phase LIMIT 1) r ON true;

-- For the phase files under psql. Opens a phase; true: the change is contracted, do nothing.
CREATE OR REPLACE FUNCTION segue.enter(change_name text, change_title text, phase_number integer,
                                       plan_fingerprint text)
RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  -- A change that was undone altogether may come again with another plan.
  INSERT INTO segue.change (name, title, fingerprint)
    VALUES (change_name, change_title, plan_fingerprint)
    ON CONFLICT (name) DO UPDATE
      SET title = excluded.title, fingerprint = excluded.fingerprint, digest = NULL, plan = NULL,
          owned = NULL
    WHERE NOT EXISTS (SELECT FROM segue.phase p WHERE p.change = change_name AND p.state <> 'undone');
  IF (SELECT fingerprint FROM segue.change WHERE name = change_name) <> plan_fingerprint THEN
    RAISE EXCEPTION 'another plan of change % is in progress in this database', change_name
      USING HINT = 'Undo that one first, or apply its own files.';
  END IF;
  IF EXISTS (SELECT FROM segue.phase
              WHERE change = change_name AND phase = 4 AND state = 'complete') THEN
    RETURN true;
  END IF;
  IF phase_number > 1 AND NOT EXISTS (
       SELECT FROM segue.phase
        WHERE change = change_name AND phase = phase_number - 1 AND state = 'complete') THEN
    RAISE EXCEPTION 'phase % of change % is not complete in this database', phase_number - 1, change_name
      USING HINT = 'Apply the file of that phase first.';
  END IF;
  INSERT INTO segue.phase (change, phase, state, runner)
    VALUES (change_name, phase_number, 'running', 'psql')
    ON CONFLICT (change, phase) DO UPDATE
      SET state = CASE WHEN phase.state = 'complete' THEN 'complete' ELSE 'running' END;
  -- What was undone is done again by the file, which keeps no account of steps.
  DELETE FROM segue.step s
   WHERE s.change = change_name AND s.phase = phase_number AND s.state = 'undone';
  RETURN false;
END
$function$;

-- Closes a phase.
CREATE OR REPLACE FUNCTION segue.leave(change_name text, phase_number integer)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  UPDATE segue.phase SET state = 'complete', finished_at = clock_timestamp()
   WHERE change = change_name AND phase = phase_number AND state = 'running';
  INSERT INTO segue.event (change, phase, what) VALUES (change_name, phase_number, 'phase complete');
END
$function$;

-- Remembers how often each statement was called so far; 0 where this role cannot see that.
CREATE OR REPLACE FUNCTION segue.count_statements(change_name text)
RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  home text := (SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
                 WHERE e.extname = 'pg_stat_statements');
  counted bigint;
BEGIN
  IF home IS NULL OR NOT pg_has_role('pg_read_all_stats', 'USAGE') THEN
    RETURN 0;
  END IF;
  DELETE FROM segue.statement_count WHERE change = change_name;
  EXECUTE format('INSERT INTO segue.statement_count (change, role, queryid, calls)
    SELECT $1, userid, queryid, sum(calls) FROM %s.pg_stat_statements
     WHERE queryid IS NOT NULL AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
     GROUP BY userid, queryid', home) USING change_name;
  GET DIAGNOSTICS counted = ROW_COUNT;
  RETURN counted;
EXCEPTION WHEN object_not_in_prerequisite_state OR insufficient_privilege THEN
  RETURN 0;  -- installed here, but the server does not load it
END
$function$;

-- `segue ack` for those who work with psql: a release that needs nothing of what is old is out
-- everywhere. A soak begins with the first one since phase 3; what was seen of the old release counts
-- from the last one on.
CREATE OR REPLACE FUNCTION segue.ack(change_name text, release_name text)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  filled timestamptz := (SELECT finished_at FROM segue.phase
                          WHERE change = change_name AND phase = 3 AND state = 'complete');
BEGIN
  IF filled IS NULL THEN
    RAISE EXCEPTION 'phase 3 (backfill) of % is not complete in this database: no release that reads what is new can be out',
        change_name
      USING HINT = 'Acknowledge the release after phase 3, when it is out everywhere.';
  END IF;
  INSERT INTO segue.release AS r (change, name) VALUES (change_name, release_name)
    ON CONFLICT (change, name) DO UPDATE
      SET acknowledged_at = excluded.acknowledged_at, acknowledged_by = excluded.acknowledged_by
    WHERE r.acknowledged_at < filled;
  IF FOUND THEN
    INSERT INTO segue.event (change, what, detail) VALUES (change_name, 'release acknowledged', release_name);
    PERFORM segue.count_statements(change_name);
  END IF;
END
$function$;

-- `--skip-soak` for those who work with psql.
CREATE OR REPLACE FUNCTION segue.skip_soak(change_name text, reason text)
RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $function$
  INSERT INTO segue.event (change, phase, what, detail) VALUES (change_name, 4, 'soak skipped', reason)
$function$;

-- What a contract asks of the ledger before it begins.
CREATE OR REPLACE FUNCTION segue.require_release(change_name text, soak interval)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  filled timestamptz := (SELECT finished_at FROM segue.phase
                          WHERE change = change_name AND phase = 3 AND state = 'complete');
  out_since timestamptz := (SELECT min(acknowledged_at) FROM segue.release
                             WHERE change = change_name AND acknowledged_at >= filled);
BEGIN
  -- segue.enter says what is missing before phase 3; a contract that was begun goes on.
  IF filled IS NULL OR EXISTS (SELECT FROM segue.phase
                                WHERE change = change_name AND phase = 4 AND state IN ('running', 'complete')) THEN
    RETURN;
  END IF;
  IF out_since IS NULL THEN
    RAISE EXCEPTION 'nobody has said which app release, fully out, no longer needs what phase 4 of % removes', change_name
      USING HINT = format('When it is out everywhere: SELECT segue.ack(%L, ''RELEASE'');', change_name);
  END IF;
  IF out_since + soak > clock_timestamp() AND NOT EXISTS (
       SELECT FROM segue.event WHERE change = change_name AND what = 'soak skipped' AND at >= filled) THEN
    RAISE EXCEPTION 'the soak of % is over at %', change_name, out_since + soak
      USING HINT = format('Wait, or say why not: SELECT segue.skip_soak(%L, ''REASON'');', change_name);
  END IF;
END
$function$;

-- For tripwires; told the change, its old columns and a setting of the session's own. What an app
-- waits for here is bounded, and no error of it reaches the app. The setting keeps the way short: for
-- the rest of a transaction the trigger's WHEN leaves this out, and for the rest of a minute nothing
-- is looked up. What others noted keeps the rows few; under SERIALIZABLE that look could fail the
-- app's transaction and is left out.
CREATE OR REPLACE FUNCTION segue.tripwire()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET lock_timeout = '10ms' AS $function$
DECLARE
  caller text := current_setting('application_name');
  mark text := to_char(clock_timestamp(), 'YYYYMMDDHH24MI ') || caller;
  known boolean := current_setting(TG_ARGV[2], true) IS NOT DISTINCT FROM mark;
BEGIN
  PERFORM set_config(TG_ARGV[2], mark, false), set_config(TG_ARGV[2], 'noted', true);
  IF known THEN
    RETURN NEW;
  END IF;
  BEGIN
    IF current_setting('transaction_isolation') = 'serializable' OR NOT EXISTS (
         SELECT FROM segue.sighting s
          WHERE s.change = TG_ARGV[0] AND s.relation = format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME)
            AND s.app = caller AND s.role = session_user AND s.at > clock_timestamp() - interval '1 minute') THEN
      INSERT INTO segue.sighting (change, relation, columns, app)
        VALUES (TG_ARGV[0], format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME), TG_ARGV[1], caller);
    END IF;
  EXCEPTION WHEN OTHERS THEN
    NULL;
  END;
  RETURN NEW;
END
$function$;

-- For dual-write triggers: counts one row. SECURITY DEFINER, so that an app needs no right on the
-- ledger; it takes no text from outside but its arguments, as values.
CREATE OR REPLACE FUNCTION segue.note_disagreement(change_name text, relation_name text, column_names text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
  INSERT INTO segue.disagreement (change, relation, columns)
    VALUES (change_name, relation_name, column_names)
$function$;

-- For a phase that runs again: one that somebody disabled is still there. DROP TRIGGER IF EXISTS would
-- lock everybody out of the table even where there is none.
CREATE OR REPLACE PROCEDURE segue.clear_trigger(relation_name text, trigger_name text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(relation_name) AND tgname = trigger_name) THEN
    EXECUTE format('DROP TRIGGER %I ON %s', trigger_name, relation_name);
  END IF;
END
$function$;

GRANT USAGE ON SCHEMA segue TO PUBLIC;
GRANT SELECT ON segue.status TO PUBLIC;
-- Also where default privileges give nobody anything: it is called with the app's rights.
GRANT EXECUTE ON FUNCTION segue.note_disagreement(text, text, text) TO PUBLIC;
COMMIT;

SELECT segue.enter('input', '', 1, 'cf27e42f090c1687f632ee9f05fc318ceb7791d768c82db39e54ddc6bc972d01') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 1.1  Add public.shipments.destination ──
-- why    nullable and without a default: a catalogue change; a default here would make an old
--        INSERT lose its value
-- locks  ACCESS EXCLUSIVE on public.shipments, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.shipments DROP COLUMN IF EXISTS destination;
-- from   line 1: move app."Orders"."Ship To" -> shipments.destination
SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.shipments') AND attname = 'destination' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.shipments ADD COLUMN destination jsonb;
COMMIT;
\endif

-- ── 1.2  Add public.shipments.grams ──
-- why    nullable and without a default: a catalogue change; a default here would make an old
--        INSERT lose its value
-- locks  ACCESS EXCLUSIVE on public.shipments, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.shipments DROP COLUMN IF EXISTS grams;
-- from   line 8: rename shipments.weight -> grams
SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.shipments') AND attname = 'grams' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.shipments ADD COLUMN grams integer;
COMMIT;
\endif

-- ── 1.3  Keep a note of pairs of app."Orders" and public.shipments that are owed ──
-- why    two releases that write one pair at the same moment would wait for each other: one leaves
--        the pair to the other, and a note of it here, in case the other is rolled back
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TABLE IF EXISTS segue.segue_app_orders_ship_to_owed_8c7a5629; …
-- from   line 1: move app."Orders"."Ship To" -> shipments.destination
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('segue.segue_app_orders_ship_to_settling_1e547a2e') AND tgname = 'segue_app_orders_ship_to_at_commit_146538d4' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE TABLE segue.segue_app_orders_ship_to_owed_8c7a5629 (key_1 bigint, key_2 character varying(10));
ALTER TABLE segue.segue_app_orders_ship_to_owed_8c7a5629 REPLICA IDENTITY FULL;
CREATE OR REPLACE FUNCTION segue.segue_app_orders_ship_to_waits_e63f80a4(segue_holder xid) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_waiting xid[];
  segue_sharing xid[] := '{}';
  segue_running xid[];
BEGIN
  segue_waiting := ARRAY(
    WITH RECURSIVE locks AS MATERIALIZED (SELECT * FROM pg_catalog.pg_locks),
    waiting(pid) AS (
      SELECT pg_catalog.pg_backend_pid()
      UNION
      SELECT blocked.pid FROM waiting, locks AS blocked
       WHERE NOT blocked.granted AND waiting.pid = ANY (pg_catalog.pg_blocking_pids(blocked.pid))
    )
    SELECT held.transactionid FROM waiting JOIN locks AS held USING (pid)
     WHERE held.pid <> pg_catalog.pg_backend_pid() AND held.locktype = 'transactionid'
       AND held.granted AND EXISTS (
         SELECT FROM locks AS place
          WHERE place.pid = held.pid AND place.locktype = 'relation'
            AND place.mode <> 'AccessShareLock' AND (place.relation = 'app."Orders"'::regclass
              OR place.relation IN (SELECT relid FROM pg_catalog.pg_partition_tree('app."Orders"')))));
  IF pg_catalog.cardinality(segue_waiting) = 0 THEN
    RETURN false;
  END IF;
  BEGIN
    segue_sharing := ARRAY(
      SELECT member.xid FROM pg_catalog.pg_get_multixact_members(segue_holder) AS member
       WHERE member.mode <> 'keysh');
  EXCEPTION WHEN OTHERS THEN
    NULL;
  END;
  IF segue_holder = ANY (segue_waiting) OR segue_sharing && segue_waiting THEN
    RETURN true;
  END IF;
  segue_running := ARRAY(SELECT transactionid FROM pg_catalog.pg_locks
                          WHERE locktype = 'transactionid' AND granted);
  RETURN CASE WHEN segue_holder = ANY (segue_running)
                OR segue_sharing <> '{}' AND segue_sharing <@ segue_running THEN false END;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_app_orders_ship_to_waits_e63f80a4(segue_holder xid) FROM PUBLIC;
CREATE UNLOGGED TABLE segue.segue_app_orders_ship_to_settling_1e547a2e (round integer NOT NULL);
CREATE OR REPLACE FUNCTION segue.segue_app_orders_ship_to_pays_all_d8e73de2() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '10ms' AS $segue$
#variable_conflict use_column
DECLARE
  segue_since timestamptz := pg_catalog.clock_timestamp();
  segue_debt record;
  segue_found record;
BEGIN
  FOR segue_debt IN
    SELECT segue_owed.ctid AS place, segue_owed.* FROM segue.segue_app_orders_ship_to_owed_8c7a5629 AS segue_owed
     ORDER BY pg_catalog.random() LIMIT 50
  LOOP
    EXIT WHEN pg_catalog.clock_timestamp() > segue_since + interval '50 ms';
    BEGIN
      PERFORM FROM segue.segue_app_orders_ship_to_owed_8c7a5629 AS segue_owed WHERE segue_owed.ctid = segue_debt.place FOR UPDATE SKIP LOCKED;
      CONTINUE WHEN NOT FOUND;
      SELECT segue_target.destination AS value INTO segue_found FROM public.shipments AS segue_target WHERE segue_target.order_number = segue_debt.key_1 AND segue_target.order_region = segue_debt.key_2 FOR NO KEY UPDATE SKIP LOCKED;
      IF FOUND THEN
        PERFORM FROM app."Orders" AS segue_source WHERE segue_source.number = segue_debt.key_1 AND segue_source.region = segue_debt.key_2 AND pg_catalog.record_image_ne(ROW(segue_source."Ship To"), ROW(segue_found.value)) FOR NO KEY UPDATE SKIP LOCKED;
        IF FOUND THEN
          UPDATE app."Orders" AS segue_source SET "Ship To" = segue_found.value WHERE segue_source.number = segue_debt.key_1 AND segue_source.region = segue_debt.key_2;
        ELSIF EXISTS (SELECT FROM app."Orders" AS segue_source WHERE segue_source.number = segue_debt.key_1 AND segue_source.region = segue_debt.key_2 AND pg_catalog.record_image_ne(ROW(segue_source."Ship To"), ROW(segue_found.value))) THEN
          RAISE lock_not_available;
        END IF;
      ELSIF EXISTS (SELECT FROM public.shipments AS segue_target WHERE segue_target.order_number = segue_debt.key_1 AND segue_target.order_region = segue_debt.key_2) THEN
        RAISE lock_not_available;
      END IF;
      DELETE FROM segue.segue_app_orders_ship_to_owed_8c7a5629 AS segue_owed WHERE segue_owed.ctid = segue_debt.place;
    EXCEPTION WHEN OTHERS THEN
      NULL;  -- no reason to fail the transaction of somebody else
    END;
  END LOOP;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_app_orders_ship_to_pays_all_d8e73de2() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_app_orders_ship_to_settles_d297b5b2() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_place tid;
BEGIN
  IF pg_catalog.pg_trigger_depth() > 1 THEN
    PERFORM pg_catalog.set_config('segue.segue_app_orders_ship_to_settling_1e547a2e', 'at once', true);
    RETURN NULL;
  ELSIF pg_catalog.current_setting('transaction_read_only') = 'on' THEN
    RETURN NULL;  -- since its last statement
  ELSIF NEW.round < 2 THEN
    UPDATE segue.segue_app_orders_ship_to_settling_1e547a2e SET round = NEW.round + 1
     WHERE ctid = nullif(pg_catalog.current_setting('segue.segue_app_orders_ship_to_settling_1e547a2e', true), '')::tid RETURNING ctid INTO segue_place;
  ELSE
    PERFORM segue.segue_app_orders_ship_to_pays_all_d8e73de2();
    DELETE FROM segue.segue_app_orders_ship_to_settling_1e547a2e WHERE ctid = nullif(pg_catalog.current_setting('segue.segue_app_orders_ship_to_settling_1e547a2e', true), '')::tid;
  END IF;
  IF pg_catalog.current_setting('segue.segue_app_orders_ship_to_settling_1e547a2e', true) = 'at once' THEN
    DELETE FROM segue.segue_app_orders_ship_to_settling_1e547a2e WHERE ctid = segue_place;
    segue_place := NULL;
  END IF;
  PERFORM pg_catalog.set_config('segue.segue_app_orders_ship_to_settling_1e547a2e', coalesce(segue_place::text, ''), true);
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_app_orders_ship_to_settles_d297b5b2() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_app_orders_ship_to_promises_23504fb8() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
DECLARE
  segue_place tid;
BEGIN
  IF pg_catalog.current_setting('segue.segue_app_orders_ship_to_settling_1e547a2e', true) <> ''
     OR pg_catalog.current_setting('transaction_isolation') = 'serializable' THEN
    RETURN;
  END IF;
  INSERT INTO segue.segue_app_orders_ship_to_settling_1e547a2e VALUES (0) RETURNING ctid INTO segue_place;
  IF pg_catalog.current_setting('segue.segue_app_orders_ship_to_settling_1e547a2e', true) = 'at once' THEN
    DELETE FROM segue.segue_app_orders_ship_to_settling_1e547a2e WHERE ctid = segue_place;
    segue_place := NULL;
  END IF;
  PERFORM pg_catalog.set_config('segue.segue_app_orders_ship_to_settling_1e547a2e', coalesce(segue_place::text, ''), true);
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_app_orders_ship_to_promises_23504fb8() FROM PUBLIC;
CREATE OR REPLACE FUNCTION segue.segue_app_orders_ship_to_will_settle_bf29cd31() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  IF pg_catalog.current_setting('transaction_isolation') <> 'serializable' THEN
    IF EXISTS (SELECT FROM segue.segue_app_orders_ship_to_owed_8c7a5629) THEN
      PERFORM segue.segue_app_orders_ship_to_promises_23504fb8();
    END IF;
  END IF;
  RETURN NULL;
END
$segue$;
REVOKE ALL ON FUNCTION segue.segue_app_orders_ship_to_will_settle_bf29cd31() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER segue_app_orders_ship_to_at_commit_146538d4 AFTER INSERT OR UPDATE ON segue.segue_app_orders_ship_to_settling_1e547a2e DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION segue.segue_app_orders_ship_to_settles_d297b5b2();
ALTER TABLE segue.segue_app_orders_ship_to_settling_1e547a2e ENABLE ALWAYS TRIGGER segue_app_orders_ship_to_at_commit_146538d4;
COMMIT;
\endif

SELECT segue.leave('input', 1) AS "phase complete";
