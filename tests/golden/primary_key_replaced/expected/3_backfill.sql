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

SELECT segue.enter('input', '', 3, '0ae36bc4646fb65750952eb28c878e0aad53ca173901a502a5e1f9b42397bb9a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for rows without public.users.uuid ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.users
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 3: primary key users(key)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.users WHERE uuid IS NULL
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.users have no uuid'
      USING DETAIL = found, HINT = 'give them a value, or say `backfill …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Fill public.notes ──
-- why    in small batches, until nr is id on every row
-- locks  ROW EXCLUSIVE on public.notes
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 6: rename notes.id -> nr
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.notes: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.notes'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.notes
   SET nr = id
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (nr IS DISTINCT FROM id);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Fill public.users ──
-- why    in small batches, until key is uuid on every row
-- locks  ROW EXCLUSIVE on public.users
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 4: rename users.uuid -> key
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
   SET key = uuid
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (key IS DISTINCT FROM uuid);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.4  Look for duplicates under segue_users_pkey_a435770d ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.users
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 3: primary key users(key)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_users_pkey_a435770d') AND indisvalid) AS segue_done \gset
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
SELECT (key)::text, count(*)::text FROM public.users WHERE (key) IS NOT NULL GROUP BY (key) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.users holds duplicates that segue_users_pkey_a435770d does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.5  Look for duplicates under notes_pkey ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.notes
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 5: primary key notes(nr)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.notes_pkey') AND indisvalid) AS segue_done \gset
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
SELECT (nr)::text, count(*)::text FROM public.notes WHERE (nr) IS NOT NULL GROUP BY (nr) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.notes holds duplicates that notes_pkey does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.6  Build public.notes_pkey ──
-- why    CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on
-- locks  SHARE UPDATE EXCLUSIVE on public.notes
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.notes_pkey;
-- from   line 5: primary key notes(nr)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.notes_pkey') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.notes_pkey;
CREATE UNIQUE INDEX CONCURRENTLY notes_pkey ON public.notes (nr);
\endif

-- ── 3.7  Build public.segue_users_pkey_a435770d ──
-- why    CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_pkey_a435770d;
-- from   line 3: primary key users(key)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_users_pkey_a435770d') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_pkey_a435770d;
CREATE UNIQUE INDEX CONCURRENTLY segue_users_pkey_a435770d ON public.users (key);
\endif

-- ── 3.8  Add 2 constraints to public.notes ──
-- why    that nr is id is proven, and stays so; nr may not be NULL any more; NOT VALID: binds new
--        writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.notes, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.notes DROP CONSTRAINT IF EXISTS segue_nr_is_id_6a74a930; ALTER TABLE
--        public.notes DROP CONSTRAINT IF EXISTS segue_nr_not_null_923109db;
-- from   line 6: rename notes.id -> nr
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.notes') AND conname = 'segue_nr_is_id_6a74a930')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.notes') AND conname = 'segue_nr_not_null_923109db') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.notes
  ADD CONSTRAINT segue_nr_is_id_6a74a930 CHECK (NOT pg_catalog.record_image_ne(ROW(id), ROW(nr))) NOT VALID,
  ADD CONSTRAINT segue_nr_not_null_923109db CHECK (nr IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.9  Add 2 constraints to public.users ──
-- why    key may not be NULL any more; that key is uuid is proven, and stays so; NOT VALID: binds
--        new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_key_not_null_42bacd0c; ALTER
--        TABLE public.users DROP CONSTRAINT IF EXISTS segue_key_is_uuid_dd5c6edf;
-- from   line 3: primary key users(key)
-- from   line 4: rename users.uuid -> key
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_key_not_null_42bacd0c')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_key_is_uuid_dd5c6edf') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT segue_key_not_null_42bacd0c CHECK (key IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_key_is_uuid_dd5c6edf CHECK (NOT pg_catalog.record_image_ne(ROW(uuid), ROW(key))) NOT VALID;
COMMIT;
\endif

-- ── 3.10  Validate public.notes ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.notes
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 6: rename notes.id -> nr
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.notes') AND conname = 'segue_nr_is_id_6a74a930' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.notes') AND conname = 'segue_nr_not_null_923109db' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.notes
  VALIDATE CONSTRAINT segue_nr_is_id_6a74a930,
  VALIDATE CONSTRAINT segue_nr_not_null_923109db;
COMMIT;
\endif

-- ── 3.11  Validate public.users ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: primary key users(key)
-- from   line 4: rename users.uuid -> key
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_key_not_null_42bacd0c' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_key_is_uuid_dd5c6edf' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  VALIDATE CONSTRAINT segue_key_not_null_42bacd0c,
  VALIDATE CONSTRAINT segue_key_is_uuid_dd5c6edf;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
