-- input · phase 4 of 4: contract
--
-- when   when no release runs that knows what is old
-- apply  segue apply <this directory> --phase 4 --release NAME
--        or psql -v ON_ERROR_STOP=1 -f 4_contract.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

-- No release that runs may still need what goes: segue.ack says so, segue.skip_soak why a soak
-- need not be over. See `segue gate` for what else there is to ask.
SELECT segue.require_release('input', interval '0 seconds') AS segue_released \gset

SELECT segue.enter('input', '', 4, 'd1d5595df9543ac84f6e68e954b1fbbab8568b504caf632422c0d5d8342cd5ff') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Look for what still needs public.logs ──
-- why    nothing is taken along: what came to hang on the table since the plan was made stops the
--        phase here
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   nothing: it only reads
-- from   line 1: drop table logs
SELECT pg_catalog.to_regclass('public."Odd Table"') IS NULL
    OR pg_catalog.to_regclass('public.log_tags') IS NULL
    OR pg_catalog.to_regclass('public.logs') IS NULL
    OR pg_catalog.to_regclass('public.readings') IS NULL AS segue_done \gset
\if :segue_done
\else
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT 'foreign key ' || conname || ' of ' || conrelid::pg_catalog.regclass::text
  FROM pg_catalog.pg_constraint WHERE contype = 'f' AND confrelid = pg_catalog.to_regclass('public.logs')
   AND conrelid NOT IN (SELECT pg_catalog.to_regclass(n) FROM pg_catalog.unnest(ARRAY['public."Odd Table"', 'public.log_tags', 'public.logs', 'public.readings', 'public.readings_old']) AS n WHERE pg_catalog.to_regclass(n) IS NOT NULL)
UNION SELECT 'view ' || r.ev_class::pg_catalog.regclass::text
  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
 WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.refobjid = pg_catalog.to_regclass('public.logs') AND r.ev_class <> pg_catalog.to_regclass('public.logs')
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.logs is still needed'
      USING DETAIL = found, HINT = 'make them do without it; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.2  Look for what still needs public.log_tags ──
-- why    nothing is taken along: what came to hang on the table since the plan was made stops the
--        phase here
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   nothing: it only reads
-- from   line 2: drop table log_tags
SELECT pg_catalog.to_regclass('public."Odd Table"') IS NULL
    OR pg_catalog.to_regclass('public.log_tags') IS NULL
    OR pg_catalog.to_regclass('public.logs') IS NULL
    OR pg_catalog.to_regclass('public.readings') IS NULL AS segue_done \gset
\if :segue_done
\else
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT 'foreign key ' || conname || ' of ' || conrelid::pg_catalog.regclass::text
  FROM pg_catalog.pg_constraint WHERE contype = 'f' AND confrelid = pg_catalog.to_regclass('public.log_tags')
   AND conrelid NOT IN (SELECT pg_catalog.to_regclass(n) FROM pg_catalog.unnest(ARRAY['public."Odd Table"', 'public.log_tags', 'public.logs', 'public.readings', 'public.readings_old']) AS n WHERE pg_catalog.to_regclass(n) IS NOT NULL)
UNION SELECT 'view ' || r.ev_class::pg_catalog.regclass::text
  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
 WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.refobjid = pg_catalog.to_regclass('public.log_tags') AND r.ev_class <> pg_catalog.to_regclass('public.log_tags')
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.log_tags is still needed'
      USING DETAIL = found, HINT = 'make them do without it; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.3  Look for what still needs public."Odd Table" ──
-- why    nothing is taken along: what came to hang on the table since the plan was made stops the
--        phase here
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   nothing: it only reads
-- from   line 3: drop table "Odd Table"
SELECT pg_catalog.to_regclass('public."Odd Table"') IS NULL
    OR pg_catalog.to_regclass('public.log_tags') IS NULL
    OR pg_catalog.to_regclass('public.logs') IS NULL
    OR pg_catalog.to_regclass('public.readings') IS NULL AS segue_done \gset
\if :segue_done
\else
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT 'foreign key ' || conname || ' of ' || conrelid::pg_catalog.regclass::text
  FROM pg_catalog.pg_constraint WHERE contype = 'f' AND confrelid = pg_catalog.to_regclass('public."Odd Table"')
   AND conrelid NOT IN (SELECT pg_catalog.to_regclass(n) FROM pg_catalog.unnest(ARRAY['public."Odd Table"', 'public.log_tags', 'public.logs', 'public.readings', 'public.readings_old']) AS n WHERE pg_catalog.to_regclass(n) IS NOT NULL)
UNION SELECT 'view ' || r.ev_class::pg_catalog.regclass::text
  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
 WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.refobjid = pg_catalog.to_regclass('public."Odd Table"') AND r.ev_class <> pg_catalog.to_regclass('public."Odd Table"')
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public."Odd Table" is still needed'
      USING DETAIL = found, HINT = 'make them do without it; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.4  Look for what still needs public.readings ──
-- why    nothing is taken along: what came to hang on the table since the plan was made stops the
--        phase here
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   nothing: it only reads
-- from   line 4: drop table readings
SELECT pg_catalog.to_regclass('public."Odd Table"') IS NULL
    OR pg_catalog.to_regclass('public.log_tags') IS NULL
    OR pg_catalog.to_regclass('public.logs') IS NULL
    OR pg_catalog.to_regclass('public.readings') IS NULL AS segue_done \gset
\if :segue_done
\else
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT 'foreign key ' || conname || ' of ' || conrelid::pg_catalog.regclass::text
  FROM pg_catalog.pg_constraint WHERE contype = 'f' AND confrelid = pg_catalog.to_regclass('public.readings')
   AND conrelid NOT IN (SELECT pg_catalog.to_regclass(n) FROM pg_catalog.unnest(ARRAY['public."Odd Table"', 'public.log_tags', 'public.logs', 'public.readings', 'public.readings_old']) AS n WHERE pg_catalog.to_regclass(n) IS NOT NULL)
UNION SELECT 'view ' || r.ev_class::pg_catalog.regclass::text
  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
 WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.refobjid = pg_catalog.to_regclass('public.readings') AND r.ev_class <> pg_catalog.to_regclass('public.readings')
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.readings is still needed'
      USING DETAIL = found, HINT = 'make them do without it; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.5  Let public.logs step aside ──
-- why    a catalogue change: whoever still asks for it is told at once, while its rows are still
--        there, and nobody waits behind the drop
-- locks  ACCESS EXCLUSIVE on public.logs, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   before the drop below: rename it back by hand
-- from   line 1: drop table logs
SELECT pg_catalog.to_regclass('public.logs') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.logs RENAME TO segue_logs_dropped_68af1276;
COMMIT;
\endif

-- ── 4.6  Let public.log_tags step aside ──
-- why    a catalogue change: whoever still asks for it is told at once, while its rows are still
--        there, and nobody waits behind the drop
-- locks  ACCESS EXCLUSIVE on public.log_tags, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   before the drop below: rename it back by hand
-- from   line 2: drop table log_tags
SELECT pg_catalog.to_regclass('public.log_tags') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.log_tags RENAME TO segue_log_tags_dropped_8e3f9fbb;
COMMIT;
\endif

-- ── 4.7  Let public."Odd Table" step aside ──
-- why    a catalogue change: whoever still asks for it is told at once, while its rows are still
--        there, and nobody waits behind the drop
-- locks  ACCESS EXCLUSIVE on public."Odd Table", for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   before the drop below: rename it back by hand
-- from   line 3: drop table "Odd Table"
SELECT pg_catalog.to_regclass('public."Odd Table"') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public."Odd Table" RENAME TO segue_odd_table_dropped_4ed2524e;
COMMIT;
\endif

-- ── 4.8  Let public.readings step aside ──
-- why    a catalogue change: whoever still asks for it is told at once, while its rows are still
--        there, and nobody waits behind the drop
-- locks  ACCESS EXCLUSIVE on public.readings, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   before the drop below: rename it back by hand
-- from   line 4: drop table readings
SELECT pg_catalog.to_regclass('public.readings') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.readings RENAME TO segue_readings_dropped_7eecceec;
COMMIT;
\endif

-- ── 4.9  Drop logs_user_id_fkey of public.segue_logs_dropped_68af1276 ──
-- why    the foreign key's triggers are on both tables: public.users is locked for this moment, not
--        while files are removed
-- locks  ACCESS EXCLUSIVE on public.segue_logs_dropped_68af1276, ACCESS EXCLUSIVE on public.users,
--        for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: drop table logs
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.segue_logs_dropped_68af1276') AND conname = 'logs_user_id_fkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE IF EXISTS public.segue_logs_dropped_68af1276 DROP CONSTRAINT IF EXISTS logs_user_id_fkey;
COMMIT;
\endif

-- ── 4.10  Drop log_tags_log_id_fkey of public.segue_log_tags_dropped_8e3f9fbb ──
-- why    the foreign key's triggers are on both tables: public.logs is locked for this moment, not
--        while files are removed
-- locks  ACCESS EXCLUSIVE on public.segue_log_tags_dropped_8e3f9fbb, ACCESS EXCLUSIVE on
--        public.segue_logs_dropped_68af1276, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 2: drop table log_tags
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.segue_log_tags_dropped_8e3f9fbb') AND conname = 'log_tags_log_id_fkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE IF EXISTS public.segue_log_tags_dropped_8e3f9fbb DROP CONSTRAINT IF EXISTS log_tags_log_id_fkey;
COMMIT;
\endif

-- ── 4.11  Drop public.segue_logs_dropped_68af1276, which was public.logs ──
-- why    RESTRICT: refuses rather than take anything along
-- locks  ACCESS EXCLUSIVE on public.segue_logs_dropped_68af1276, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: drop table logs
SELECT pg_catalog.to_regclass('public.segue_logs_dropped_68af1276') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
DROP TABLE IF EXISTS public.segue_logs_dropped_68af1276 RESTRICT;
COMMIT;
\endif

-- ── 4.12  Drop public.segue_log_tags_dropped_8e3f9fbb, which was public.log_tags ──
-- why    RESTRICT: refuses rather than take anything along
-- locks  ACCESS EXCLUSIVE on public.segue_log_tags_dropped_8e3f9fbb, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 2: drop table log_tags
SELECT pg_catalog.to_regclass('public.segue_log_tags_dropped_8e3f9fbb') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
DROP TABLE IF EXISTS public.segue_log_tags_dropped_8e3f9fbb RESTRICT;
COMMIT;
\endif

-- ── 4.13  Drop public.segue_odd_table_dropped_4ed2524e, which was public."Odd Table" ──
-- why    RESTRICT: refuses rather than take anything along
-- locks  ACCESS EXCLUSIVE on public.segue_odd_table_dropped_4ed2524e, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 3: drop table "Odd Table"
SELECT pg_catalog.to_regclass('public.segue_odd_table_dropped_4ed2524e') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
DROP TABLE IF EXISTS public.segue_odd_table_dropped_4ed2524e RESTRICT;
COMMIT;
\endif

-- ── 4.14  Drop public.segue_readings_dropped_7eecceec, which was public.readings ──
-- why    RESTRICT: refuses rather than take anything along
-- locks  ACCESS EXCLUSIVE on public.segue_readings_dropped_7eecceec, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 4: drop table readings
SELECT pg_catalog.to_regclass('public.segue_readings_dropped_7eecceec') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
DROP TABLE IF EXISTS public.segue_readings_dropped_7eecceec RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
