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

SELECT segue.enter('input', '', 3, 'da0d9581776043b566b1d204cc8a2ee70bd899c00c03a7ec9ad3349199ea2d1f') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values of public.users.bio that have nowhere to go ──
-- why    they are listed here, before anything is filled or built
-- locks  ACCESS SHARE on public.users
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 3: move users.bio -> profiles.bio on (profiles.user_id = users.id)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.users WHERE users.bio IS NOT NULL AND NOT EXISTS (SELECT FROM public.profiles AS segue_target WHERE segue_target.user_id = users.id)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.users hold values of bio that have no row of public.profiles to go to'
      USING DETAIL = found, HINT = 'insert their rows into public.profiles, or set bio to NULL; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Fill public.profiles ──
-- why    in small batches, until bio is bio of public.users on every row
-- locks  ROW EXCLUSIVE on public.profiles, ROW SHARE on public.users
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 3: move users.bio -> profiles.bio on (profiles.user_id = users.id)
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.profiles: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.profiles'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
WITH segue_locked AS MATERIALIZED (
  SELECT ctid AS segue_tid
    FROM ONLY public.profiles
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND (profiles.bio IS NULL AND EXISTS (SELECT FROM public.users AS segue_source WHERE segue_source.id = profiles.user_id AND segue_source.bio IS NOT NULL) AND NOT EXISTS (SELECT FROM segue.segue_public_users_bio_owed_8604c58b AS segue_owed WHERE segue_owed.key_1 = profiles.user_id))
     FOR NO KEY UPDATE
)
UPDATE ONLY public.profiles
   SET bio = (SELECT segue_source.bio FROM public.users AS segue_source WHERE segue_source.id = profiles.user_id FOR SHARE SKIP LOCKED)
  FROM segue_locked
 WHERE profiles.ctid = segue_locked.segue_tid;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Look whether public.profiles.bio is as public.users.bio ──
-- why    a pair that somebody held all the time is not filled yet: run the phase again
-- locks  ACCESS SHARE on public.profiles
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 3: move users.bio -> profiles.bio on (profiles.user_id = users.id)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.profiles WHERE EXISTS (SELECT FROM public.users AS segue_source WHERE segue_source.id = profiles.user_id AND pg_catalog.record_image_ne(ROW(segue_source.bio), ROW(profiles.bio))) AND NOT EXISTS (SELECT FROM segue.segue_public_users_bio_owed_8604c58b AS segue_owed WHERE segue_owed.key_1 = profiles.user_id)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.profiles do not hold in bio what their rows of public.users hold in bio'
      USING DETAIL = found, HINT = 'write the right value into bio of these rows; then run the phase again';
  END IF;
END
$segue_check$;

SELECT segue.leave('input', 3) AS "phase complete";
