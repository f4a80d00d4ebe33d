-- names · phase 3 of 4: backfill
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

SELECT segue.enter('names', '', 3, 'ba8274123cb2d507337afd826cdb9ce7462c067a2aab4e7751d29be9510bb5c4') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.contacts ──
-- why    in small batches, until first_name is fname and last_name is lname on every row
-- locks  ROW EXCLUSIVE on public.contacts
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 2: rename contacts.fname -> first_name
-- from   line 3: rename contacts.lname -> last_name
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.contacts: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.contacts'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.contacts
   SET first_name = fname, last_name = lname
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (first_name IS DISTINCT FROM fname
     OR last_name IS DISTINCT FROM lname);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_contacts_initials_idx_6915766a ──
-- why    as contacts_initials_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.contacts
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_contacts_initials_idx_6915766a;
-- from   line 2: rename contacts.fname -> first_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_contacts_initials_idx_6915766a') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_contacts_initials_idx_6915766a;
CREATE INDEX CONCURRENTLY segue_contacts_initials_idx_6915766a ON public.contacts ((("left"(first_name, 1) || "left"(last_name, 1)))) WHERE (last_name IS DISTINCT FROM first_name);
\endif

-- ── 3.3  Build public.segue_contacts_names_idx_b2a1741d ──
-- why    as contacts_names_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.contacts
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_contacts_names_idx_b2a1741d;
-- from   line 2: rename contacts.fname -> first_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_contacts_names_idx_b2a1741d') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_contacts_names_idx_b2a1741d;
CREATE INDEX CONCURRENTLY segue_contacts_names_idx_b2a1741d ON public.contacts (last_name, first_name);
\endif

-- ── 3.4  Add 4 constraints to public.contacts ──
-- why    that first_name is fname is proven, and stays so; that last_name is lname is proven, and
--        stays so; last_name may not be NULL any more; as contacts_names_check, over the new
--        column; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.contacts, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.contacts DROP CONSTRAINT IF EXISTS segue_first_name_is_fname_826cb98a;
--        …
-- from   line 2: rename contacts.fname -> first_name
-- from   line 3: rename contacts.lname -> last_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.contacts') AND conname = 'segue_first_name_is_fname_826cb98a')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.contacts') AND conname = 'segue_last_name_is_lname_1182682c')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.contacts') AND conname = 'segue_last_name_not_null_82d2556f')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.contacts') AND conname = 'segue_contacts_names_check_24ff100a') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.contacts
  ADD CONSTRAINT segue_first_name_is_fname_826cb98a CHECK (NOT pg_catalog.record_image_ne(ROW(fname), ROW(first_name))) NOT VALID,
  ADD CONSTRAINT segue_last_name_is_lname_1182682c CHECK (NOT pg_catalog.record_image_ne(ROW(lname), ROW(last_name))) NOT VALID,
  ADD CONSTRAINT segue_last_name_not_null_82d2556f CHECK (last_name IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_contacts_names_check_24ff100a CHECK (COALESCE(first_name, ''::text) <> last_name) NOT VALID;
COMMIT;
\endif

-- ── 3.5  Validate public.contacts ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.contacts
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 2: rename contacts.fname -> first_name
-- from   line 3: rename contacts.lname -> last_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.contacts') AND conname = 'segue_first_name_is_fname_826cb98a' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.contacts') AND conname = 'segue_last_name_is_lname_1182682c' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.contacts') AND conname = 'segue_last_name_not_null_82d2556f' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.contacts') AND conname = 'segue_contacts_names_check_24ff100a' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.contacts
  VALIDATE CONSTRAINT segue_first_name_is_fname_826cb98a,
  VALIDATE CONSTRAINT segue_last_name_is_lname_1182682c,
  VALIDATE CONSTRAINT segue_last_name_not_null_82d2556f,
  VALIDATE CONSTRAINT segue_contacts_names_check_24ff100a;
COMMIT;
\endif

SELECT segue.leave('names', 3) AS "phase complete";
