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

SELECT segue.enter('input', '', 3, '790cb32b53e5685d4992b1a1ba66a566ed5ab2c9d9f9e282e42f76e5aebaa9d7') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.users ──
-- why    in small batches, until plan_id has a value on every row
-- locks  ROW EXCLUSIVE on public.users
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: add users.plan_id integer required
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.users: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.users'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.users
   SET plan_id = coalesce(plan_id, 1)
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (plan_id IS NULL);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Add segue_plan_id_not_null_fd672df6 to public.users ──
-- why    plan_id may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_plan_id_not_null_fd672df6;
-- from   line 1: add users.plan_id integer required
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_plan_id_not_null_fd672df6') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT segue_plan_id_not_null_fd672df6 CHECK (plan_id IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.3  Add users_plan_id_fkey to public.users ──
-- why    binds every row from now on; NOT VALID: binds new writes at once and reads no row
-- locks  SHARE ROW EXCLUSIVE on public.users, SHARE ROW EXCLUSIVE on public.plans, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS users_plan_id_fkey;
-- from   line 1: add users.plan_id integer required
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_plan_id_fkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT users_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plans (id) ON DELETE RESTRICT NOT VALID;
COMMIT;
\endif

-- ── 3.4  Validate public.users ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: add users.plan_id integer required
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_plan_id_not_null_fd672df6' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  VALIDATE CONSTRAINT segue_plan_id_not_null_fd672df6;
COMMIT;
\endif

-- ── 3.5  Validate public.users ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.users, ROW SHARE on public.plans
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: add users.plan_id integer required
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_plan_id_fkey' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  VALIDATE CONSTRAINT users_plan_id_fkey;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
