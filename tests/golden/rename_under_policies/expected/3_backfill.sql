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

SELECT segue.enter('input', '', 3, '49553beb2c86eb3e3b9e44b079898d5892df1903fa415bbd5d59f22d263e7108') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.files ──
-- why    in small batches, until owned_by is owner on every row
-- locks  ROW EXCLUSIVE on public.files
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename files.owner -> owned_by
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.files: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.files'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.files
   SET owned_by = owner
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (owned_by IS DISTINCT FROM owner);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Add 2 constraints to public.files ──
-- why    that owned_by is owner is proven, and stays so; owned_by may not be NULL any more; NOT
--        VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.files, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.files DROP CONSTRAINT IF EXISTS segue_owned_by_is_owner_cd6c77e1; ALTER
--        TABLE public.files DROP CONSTRAINT IF EXISTS segue_owned_by_not_null_31460a82;
-- from   line 1: rename files.owner -> owned_by
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.files') AND conname = 'segue_owned_by_is_owner_cd6c77e1')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.files') AND conname = 'segue_owned_by_not_null_31460a82') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.files
  ADD CONSTRAINT segue_owned_by_is_owner_cd6c77e1 CHECK (NOT pg_catalog.record_image_ne(ROW(owner), ROW(owned_by))) NOT VALID,
  ADD CONSTRAINT segue_owned_by_not_null_31460a82 CHECK (owned_by IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.3  Validate public.files ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.files
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename files.owner -> owned_by
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.files') AND conname = 'segue_owned_by_is_owner_cd6c77e1' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.files') AND conname = 'segue_owned_by_not_null_31460a82' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.files
  VALIDATE CONSTRAINT segue_owned_by_is_owner_cd6c77e1,
  VALIDATE CONSTRAINT segue_owned_by_not_null_31460a82;
COMMIT;
\endif

-- ── 3.4  Let policy files_own read the new column ──
-- why    old and new say the same by now: no row is shown or hidden that was not before
-- locks  ACCESS EXCLUSIVE on public.files, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER POLICY files_own ON public.files USING (owner = CURRENT_USER) WITH CHECK ((owner =
--        CURRENT_USER) AND (path <> 'owner'::text));
-- from   line 1: rename files.owner -> owned_by
SELECT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND d.objid IN (SELECT oid FROM pg_catalog.pg_policy WHERE polrelid = pg_catalog.to_regclass('public.files') AND polname = 'files_own') AND d.refobjid = pg_catalog.to_regclass('public.files') AND a.attname = 'owned_by') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER POLICY files_own ON public.files USING (owned_by = CURRENT_USER) WITH CHECK ((owned_by = CURRENT_USER) AND (path <> 'owner'::text));
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
