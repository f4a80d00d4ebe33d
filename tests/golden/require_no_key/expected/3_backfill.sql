-- input · phase 3 of 4: backfill
--
-- when   after phase 2; before the release that reads what is new
-- apply  segue apply <this directory> --phase 3
--        or psql -v ON_ERROR_STOP=1 -f 3_backfill.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

SELECT segue.enter('input', '', 3, '68a97d9b61e85f72d02d70ff006b9f1ec554061308c21f823a3d2d40f8f815da') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Add sessions_hits_check to public.sessions ──
-- why    sessions_hits_check binds every row from now on; NOT VALID: binds new writes at once and
--        reads no row
-- locks  ACCESS EXCLUSIVE on public.sessions, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.sessions DROP CONSTRAINT IF EXISTS sessions_hits_check;
-- from   line 4: check sessions (hits >= 0)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.sessions') AND conname = 'sessions_hits_check') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.sessions
  ADD CONSTRAINT sessions_hits_check CHECK (hits >= 0) NOT VALID;
COMMIT;
\endif

-- ── 3.2  Fill public.sessions ──
-- why    in small batches, until sid has a value and sessions_hits_check holds on every row
-- locks  ROW EXCLUSIVE on public.sessions
-- scans  writes rows, in small transactions
-- undo   nothing to undo
-- from   line 1: require sessions.sid
-- from   line 4: check sessions (hits >= 0)
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.sessions: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.sessions'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.sessions
   SET sid = coalesce(sid, ''), hits = CASE WHEN (hits >= 0) IS FALSE THEN 0 ELSE hits END
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (sid IS NULL
     OR (hits >= 0) IS FALSE);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Add segue_sid_not_null_42f01701 to public.sessions ──
-- why    sid may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.sessions, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.sessions DROP CONSTRAINT IF EXISTS segue_sid_not_null_42f01701;
-- from   line 1: require sessions.sid
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.sessions') AND conname = 'segue_sid_not_null_42f01701') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.sessions
  ADD CONSTRAINT segue_sid_not_null_42f01701 CHECK (sid IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.4  Validate public.sessions ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.sessions
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: require sessions.sid
-- from   line 4: check sessions (hits >= 0)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.sessions') AND conname = 'segue_sid_not_null_42f01701' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.sessions') AND conname = 'sessions_hits_check' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.sessions
  VALIDATE CONSTRAINT segue_sid_not_null_42f01701,
  VALIDATE CONSTRAINT sessions_hits_check;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
