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

SELECT segue.enter('input', '', 3, 'c7a844f6b92d6545557b6a3d1136a0fdf64b80601866670634f435dd42b3dd68') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values in public.users.full_name that do not convert ──
-- why    they are listed here, before anything is filled or built
-- locks  ACCESS SHARE on public.users
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: split users.full_name ->
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.users WHERE segue.segue_public_users_fails_for_full_name_4437d78b(full_name) AND pg_catalog.record_image_ne(ROW(full_name), ROW(segue.segue_public_users_back_to_full_name_aa63491d(first_name, last_name, full_name)))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.users hold values of full_name that `=` cannot convert'
      USING DETAIL = found, HINT = 'mend these values, or make `=` say what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Fill public.users ──
-- why    in small batches, until full_name and (first_name, last_name) say the same on every row
-- locks  ROW EXCLUSIVE on public.users
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: split users.full_name ->
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
   SET first_name = CASE WHEN first_name IS NULL AND last_name IS NULL THEN segue.segue_public_users_to_first_name_a2053cf3(full_name) ELSE first_name END, last_name = CASE WHEN first_name IS NULL AND last_name IS NULL THEN segue.segue_public_users_to_last_name_8ebd2a97(full_name) ELSE last_name END
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (first_name IS NULL AND last_name IS NULL AND (segue.segue_public_users_to_first_name_a2053cf3(full_name) IS NOT NULL OR segue.segue_public_users_to_last_name_8ebd2a97(full_name) IS NOT NULL));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

SELECT segue.leave('input', 3) AS "phase complete";
