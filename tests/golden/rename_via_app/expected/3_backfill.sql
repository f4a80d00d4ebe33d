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

SELECT segue.enter('input', '', 3, 'd2b3dba8679765a4857d140cc40b6843bb71c2f1f85250bdcab3f4b03d67adc6') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Keep what the fill overwrites in public.users ──
-- why    undo puts the old values back wherever the app has not written since
-- locks  ACCESS SHARE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TABLE IF EXISTS segue.segue_public_users_journal_af1429c7;
-- from   line 1: rename users.full_name -> display_name via app
-- from   line 3: add users.locale text required
-- from   line 7: require users.email
SELECT pg_catalog.to_regclass('segue.segue_public_users_journal_af1429c7') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE TABLE segue.segue_public_users_journal_af1429c7 AS
  SELECT id, email AS old_1, email AS new_1
    FROM public.users WITH NO DATA;
ALTER TABLE segue.segue_public_users_journal_af1429c7 ADD PRIMARY KEY (id);
COMMIT;
\endif

-- ── 3.2  Fill public.users ──
-- why    in small batches, until display_name is full_name and locale has a value and email has a
--        value on every row
-- locks  ROW EXCLUSIVE on public.users
-- scans  writes rows, in small transactions
-- undo   put back what was overwritten in public.users
-- from   line 1: rename users.full_name -> display_name via app
-- from   line 3: add users.locale text required
-- from   line 7: require users.email
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
WITH segue_before AS MATERIALIZED (
  SELECT ctid AS segue_tid, email AS segue_old_1
    FROM ONLY public.users
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND (display_name IS NULL AND full_name IS NOT NULL
     OR locale IS NULL
     OR email IS NULL)
     FOR NO KEY UPDATE
), segue_filled AS (
  UPDATE ONLY public.users
     SET display_name = full_name, locale = coalesce(locale, 'en'), email = coalesce(email, '')
    FROM segue_before
   WHERE users.ctid = segue_before.segue_tid
  RETURNING users.id, segue_before.segue_old_1, users.email
)
INSERT INTO segue.segue_public_users_journal_af1429c7 SELECT * FROM segue_filled ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Look for rows where public.users.display_name is not full_name ──
-- why    the application keeps both equal: where it did not, only a person knows which is right
-- locks  ACCESS SHARE on public.users
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: rename users.full_name -> display_name via app
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(full_name::text, 60), pg_catalog.left(display_name::text, 60) FROM public.users WHERE pg_catalog.record_image_ne(ROW(full_name), ROW(display_name))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.users have a display_name that is not their full_name'
      USING DETAIL = found, HINT = 'a release writes one of the two alone, or not the same to both: see that it is out, mend these rows, then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.4  Build public.segue_users_full_name_key_e7a455d7 ──
-- why    as users_full_name_key, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_full_name_key_e7a455d7;
-- from   line 1: rename users.full_name -> display_name via app
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_users_full_name_key_e7a455d7') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_full_name_key_e7a455d7;
CREATE UNIQUE INDEX CONCURRENTLY segue_users_full_name_key_e7a455d7 ON public.users (display_name);
\endif

-- ── 3.5  Add 4 constraints to public.users ──
-- why    that display_name is full_name is proven, and stays so; locale may not be NULL any more;
--        email may not be NULL any more; display_name may not be NULL any more; NOT VALID: binds
--        new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS
--        segue_display_name_is_full_name_6df06b42; …
-- from   line 1: rename users.full_name -> display_name via app
-- from   line 3: add users.locale text required
-- from   line 7: require users.email
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_display_name_is_full_name_6df06b42')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_locale_not_null_63e7b629')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_email_not_null_042e9345')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_display_name_not_null_8daf30fb') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT segue_display_name_is_full_name_6df06b42 CHECK (NOT pg_catalog.record_image_ne(ROW(full_name), ROW(display_name))) NOT VALID,
  ADD CONSTRAINT segue_locale_not_null_63e7b629 CHECK (locale IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_email_not_null_042e9345 CHECK (email IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_display_name_not_null_8daf30fb CHECK (display_name IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.6  Validate public.users ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename users.full_name -> display_name via app
-- from   line 3: add users.locale text required
-- from   line 7: require users.email
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_display_name_is_full_name_6df06b42' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_locale_not_null_63e7b629' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_email_not_null_042e9345' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_display_name_not_null_8daf30fb' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  VALIDATE CONSTRAINT segue_display_name_is_full_name_6df06b42,
  VALIDATE CONSTRAINT segue_locale_not_null_63e7b629,
  VALIDATE CONSTRAINT segue_email_not_null_042e9345,
  VALIDATE CONSTRAINT segue_display_name_not_null_8daf30fb;
COMMIT;
\endif

-- ── 3.7  Let public.names read the new column ──
-- why    same output, same names; both releases read it all the while
-- locks  ACCESS SHARE on public.users, ACCESS EXCLUSIVE on public.names, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   CREATE OR REPLACE VIEW public.names (full_name) AS SELECT users.full_name FROM
--        public.users;
-- from   line 1: rename users.full_name -> display_name via app
SELECT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid IN (SELECT oid FROM pg_catalog.pg_rewrite WHERE ev_class = pg_catalog.to_regclass('public.names')) AND d.refobjid = pg_catalog.to_regclass('public.users') AND a.attname = 'display_name') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE VIEW public.names (full_name) AS
 SELECT users.display_name AS full_name
   FROM public.users;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
