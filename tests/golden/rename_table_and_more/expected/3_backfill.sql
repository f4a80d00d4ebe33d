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

SELECT segue.enter('input', '', 3, '1e2c37d8dd94522a82c98e3c81348b1debb04284ccdc88bdccb97b2e000c3a73') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Keep what the fill overwrites in public.people ──
-- why    undo puts the old values back wherever the app has not written since
-- locks  ACCESS SHARE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TABLE IF EXISTS segue.segue_public_people_journal_73bf6ce4;
-- from   line 3: require people.locale
-- from   line 5: rename people.full_name -> display_name
-- from   line 8: add people.phone varchar(20) required
-- from   line 10: retype people.code -> bigint
SELECT pg_catalog.to_regclass('segue.segue_public_people_journal_73bf6ce4') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE TABLE segue.segue_public_people_journal_73bf6ce4 AS
  SELECT id, locale AS old_1, locale AS new_1
    FROM public.people WITH NO DATA;
ALTER TABLE segue.segue_public_people_journal_73bf6ce4 ADD PRIMARY KEY (id);
COMMIT;
\endif

-- ── 3.2  Fill public.people ──
-- why    in small batches, until locale has a value and display_name is full_name and phone has a
--        value and the copy of code is code as bigint on every row
-- locks  ROW EXCLUSIVE on public.people
-- scans  writes rows, in small transactions
-- undo   put back what was overwritten in public.people
-- from   line 3: require people.locale
-- from   line 5: rename people.full_name -> display_name
-- from   line 8: add people.phone varchar(20) required
-- from   line 10: retype people.code -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.people: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.people'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
WITH segue_before AS MATERIALIZED (
  SELECT ctid AS segue_tid, locale AS segue_old_1
    FROM ONLY public.people
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND (locale IS NULL
     OR display_name IS DISTINCT FROM full_name
     OR phone IS NULL
     OR pg_catalog.record_image_ne(ROW(segue_code_as_bigint_079491d1), ROW(code::bigint)))
     FOR NO KEY UPDATE
), segue_filled AS (
  UPDATE ONLY public.people
     SET locale = coalesce(locale, 'en'), display_name = full_name, phone = coalesce(phone, 'unknown'), segue_code_as_bigint_079491d1 = code::bigint
    FROM segue_before
   WHERE people.ctid = segue_before.segue_tid
  RETURNING people.id, segue_before.segue_old_1, people.locale
)
INSERT INTO segue.segue_public_people_journal_73bf6ce4 SELECT * FROM segue_filled ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Build public.people_display_name_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.people_display_name_idx;
-- from   line 2: index people(display_name)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.people_display_name_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.people_display_name_idx;
CREATE INDEX CONCURRENTLY people_display_name_idx ON public.people (display_name);
\endif

-- ── 3.4  Build public.segue_users_name_85409009 ──
-- why    as users_name, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_name_85409009;
-- from   line 5: rename people.full_name -> display_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_users_name_85409009') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_name_85409009;
CREATE INDEX CONCURRENTLY segue_users_name_85409009 ON public.people (display_name);
\endif

-- ── 3.5  Add 5 constraints to public.people ──
-- why    locale may not be NULL any more; that display_name is full_name is proven, and stays so;
--        phone may not be NULL any more; that the copy of code is code as bigint is proven, and
--        stays so; display_name may not be NULL any more; NOT VALID: binds new writes at once and
--        reads no row
-- locks  ACCESS EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_locale_not_null_63e7b629; …
-- from   line 3: require people.locale
-- from   line 5: rename people.full_name -> display_name
-- from   line 8: add people.phone varchar(20) required
-- from   line 10: retype people.code -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_locale_not_null_63e7b629')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_display_name_is_full_name_6df06b42')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_phone_not_null_9603a015')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_code_as_bigint_efe647f3')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_display_name_not_null_8daf30fb') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  ADD CONSTRAINT segue_locale_not_null_63e7b629 CHECK (locale IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_display_name_is_full_name_6df06b42 CHECK (NOT pg_catalog.record_image_ne(ROW(full_name), ROW(display_name))) NOT VALID,
  ADD CONSTRAINT segue_phone_not_null_9603a015 CHECK (phone IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_code_as_bigint_efe647f3 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_code_as_bigint_079491d1), ROW(code::bigint))) NOT VALID,
  ADD CONSTRAINT segue_display_name_not_null_8daf30fb CHECK (display_name IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.6  Validate public.people ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: require people.locale
-- from   line 5: rename people.full_name -> display_name
-- from   line 8: add people.phone varchar(20) required
-- from   line 10: retype people.code -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_locale_not_null_63e7b629' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_display_name_is_full_name_6df06b42' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_phone_not_null_9603a015' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_code_as_bigint_efe647f3' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_display_name_not_null_8daf30fb' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  VALIDATE CONSTRAINT segue_locale_not_null_63e7b629,
  VALIDATE CONSTRAINT segue_display_name_is_full_name_6df06b42,
  VALIDATE CONSTRAINT segue_phone_not_null_9603a015,
  VALIDATE CONSTRAINT segue_code_as_bigint_efe647f3,
  VALIDATE CONSTRAINT segue_display_name_not_null_8daf30fb;
COMMIT;
\endif

-- ── 3.7  Let public.names read the new column ──
-- why    same output, same names; both releases read it all the while
-- locks  ACCESS SHARE on public.people, ACCESS EXCLUSIVE on public.names, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   CREATE OR REPLACE VIEW public.names (id, full_name) AS SELECT people.id, people.full_name
--        FROM public.people WHERE (people.full_name <> ''::text);
-- from   line 5: rename people.full_name -> display_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid IN (SELECT oid FROM pg_catalog.pg_rewrite WHERE ev_class = pg_catalog.to_regclass('public.names')) AND d.refobjid = pg_catalog.to_regclass('public.people') AND a.attname = 'display_name') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE VIEW public.names (id, full_name) AS
 SELECT people.id,
    people.display_name AS full_name
   FROM public.people
  WHERE (people.display_name <> ''::text);
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
