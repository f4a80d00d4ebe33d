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

SELECT segue.enter('input', '', 3, 'f373c9ae6e4957d69372b397fb359059c031a7770e93a6040c8694a506d715d3') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.users ──
-- why    in small batches, until full_name and (first_name, last_name) say the same and language is
--        locale on every row
-- locks  ROW EXCLUSIVE on public.users
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: split users.full_name ->
-- from   line 15: rename users.locale -> language
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
      SET LOCAL session_replication_role = replica;
UPDATE ONLY public.users
   SET first_name = CASE WHEN first_name IS NULL AND last_name IS NULL THEN CAST((split_part(full_name, ' ', 1)) AS text) ELSE first_name END, last_name = CASE WHEN first_name IS NULL AND last_name IS NULL THEN coalesce(CAST((nullif(split_part(full_name, ' ', 2), '')) AS text), CAST('-' AS text)) ELSE last_name END, language = locale
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (first_name IS NULL AND last_name IS NULL AND (CAST((split_part(full_name, ' ', 1)) AS text) IS NOT NULL OR coalesce(CAST((nullif(split_part(full_name, ' ', 2), '')) AS text), CAST('-' AS text)) IS NOT NULL)
     OR language IS DISTINCT FROM locale);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Look for rows without public.users.first_name ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.users
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 6: require users.first_name
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.users WHERE first_name IS NULL
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.users have no first_name'
      USING DETAIL = found, HINT = 'give them a value, or say `backfill …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.3  Look for rows that break users_first_name_check ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.users
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 13: check users (first_name <> 'nobody')
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.users WHERE (first_name <> 'nobody') IS FALSE
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.users break users_first_name_check'
      USING DETAIL = found, HINT = 'mend them, or say `repair column = …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.4  Build public.users_lower_language_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.users_lower_language_idx;
-- from   line 11: index users(lower(last_name), language)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.users_lower_language_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.users_lower_language_idx;
CREATE INDEX CONCURRENTLY users_lower_language_idx ON public.users ((lower(last_name)), language);
\endif

-- ── 3.5  Add 5 constraints to public.users ──
-- why    that full_name and (first_name, last_name) say the same is proven, and stays so;
--        first_name may not be NULL any more; last_name may not be NULL any more;
--        users_first_name_check binds every row from now on; that language is locale is proven, and
--        stays so; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS
--        segue_full_name_and_first_name_last_name_say_the_same__f371446a; …
-- from   line 1: split users.full_name ->
-- from   line 6: require users.first_name
-- from   line 8: require users.last_name
-- from   line 13: check users (first_name <> 'nobody')
-- from   line 15: rename users.locale -> language
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_full_name_and_first_name_last_name_say_the_same__f371446a')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_first_name_not_null_3d7a0e07')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_last_name_not_null_92ea42cb')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_first_name_check')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_language_is_locale_d6a29aa9') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT segue_full_name_and_first_name_last_name_say_the_same__f371446a CHECK (NOT ((pg_catalog.record_image_ne(ROW(first_name, last_name), ROW(CAST((split_part(full_name, ' ', 1)) AS text), coalesce(CAST((nullif(split_part(full_name, ' ', 2), '')) AS text), CAST('-' AS text))))) AND pg_catalog.record_image_ne(ROW(full_name), ROW(CAST((concat_ws(' ', first_name, last_name)) AS text))))) NOT VALID,
  ADD CONSTRAINT segue_first_name_not_null_3d7a0e07 CHECK (first_name IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_last_name_not_null_92ea42cb CHECK (last_name IS NOT NULL) NOT VALID,
  ADD CONSTRAINT users_first_name_check CHECK (first_name <> 'nobody') NOT VALID,
  ADD CONSTRAINT segue_language_is_locale_d6a29aa9 CHECK (NOT pg_catalog.record_image_ne(ROW(locale), ROW(language))) NOT VALID;
COMMIT;
\endif

-- ── 3.6  Validate public.users ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: split users.full_name ->
-- from   line 6: require users.first_name
-- from   line 8: require users.last_name
-- from   line 13: check users (first_name <> 'nobody')
-- from   line 15: rename users.locale -> language
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_full_name_and_first_name_last_name_say_the_same__f371446a' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_first_name_not_null_3d7a0e07' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_last_name_not_null_92ea42cb' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_first_name_check' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_language_is_locale_d6a29aa9' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  VALIDATE CONSTRAINT segue_full_name_and_first_name_last_name_say_the_same__f371446a,
  VALIDATE CONSTRAINT segue_first_name_not_null_3d7a0e07,
  VALIDATE CONSTRAINT segue_last_name_not_null_92ea42cb,
  VALIDATE CONSTRAINT users_first_name_check,
  VALIDATE CONSTRAINT segue_language_is_locale_d6a29aa9;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
