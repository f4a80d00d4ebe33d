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

SELECT segue.enter('input', '', 3, '7c4b8b12c2d0f5ab30ca2c2ce57b7254f8ab8b9ec4e7e8053ed6cb3d28ffdcbe') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values of public.people.bio that have nowhere to go ──
-- why    they are listed here, before anything is filled or built
-- locks  ACCESS SHARE on public.people
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: move people.bio -> id_cards.bio on (id_cards.user_id = people.id)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.people WHERE people.bio IS NOT NULL AND NOT EXISTS (SELECT FROM public.id_cards AS segue_target WHERE segue_target.user_id = people.id)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.people hold values of bio that have no row of public.id_cards to go to'
      USING DETAIL = found, HINT = 'insert their rows into public.id_cards, or set bio to NULL; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Fill public.id_cards ──
-- why    in small batches, until bio is bio of public.people on every row
-- locks  ROW EXCLUSIVE on public.id_cards, ROW SHARE on public.people
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: move people.bio -> id_cards.bio on (id_cards.user_id = people.id)
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.id_cards: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.id_cards'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
WITH segue_locked AS MATERIALIZED (
  SELECT ctid AS segue_tid
    FROM ONLY public.id_cards
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND (id_cards.bio IS NULL AND EXISTS (SELECT FROM public.people AS segue_source WHERE segue_source.id = id_cards.user_id AND segue_source.bio IS NOT NULL) AND NOT EXISTS (SELECT FROM segue.segue_public_people_bio_owed_dc4ba10a AS segue_owed WHERE segue_owed.key_1 = id_cards.user_id))
     FOR NO KEY UPDATE
)
UPDATE ONLY public.id_cards
   SET bio = (SELECT segue_source.bio FROM public.people AS segue_source WHERE segue_source.id = id_cards.user_id FOR SHARE SKIP LOCKED)
  FROM segue_locked
 WHERE id_cards.ctid = segue_locked.segue_tid;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Look whether public.id_cards.bio is as public.people.bio ──
-- why    a pair that somebody held all the time is not filled yet: run the phase again
-- locks  ACCESS SHARE on public.id_cards
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: move people.bio -> id_cards.bio on (id_cards.user_id = people.id)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.id_cards WHERE EXISTS (SELECT FROM public.people AS segue_source WHERE segue_source.id = id_cards.user_id AND pg_catalog.record_image_ne(ROW(segue_source.bio), ROW(id_cards.bio))) AND NOT EXISTS (SELECT FROM segue.segue_public_people_bio_owed_dc4ba10a AS segue_owed WHERE segue_owed.key_1 = id_cards.user_id)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.id_cards do not hold in bio what their rows of public.people hold in bio'
      USING DETAIL = found, HINT = 'write the right value into bio of these rows; then run the phase again';
  END IF;
END
$segue_check$;

SELECT segue.leave('input', 3) AS "phase complete";
