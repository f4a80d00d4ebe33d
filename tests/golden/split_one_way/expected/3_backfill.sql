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

SELECT segue.enter('input', '', 3, '7aaea47f20285e99c1350e239c77bc76082d515fb0fda63ccdfaca32c4967ed2') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values in public.places.spot that do not convert ──
-- why    they are listed here, before anything is filled or built
-- locks  ACCESS SHARE on public.places
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: split places.spot ->
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.places WHERE segue.segue_public_places_fails_for_spot_9e1e0d0e(spot) AND lat IS NULL AND lon IS NULL
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.places hold values of spot that `=` cannot convert'
      USING DETAIL = found, HINT = 'mend these values, or make `=` say what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Fill public.places ──
-- why    in small batches, until (lat, lon) is filled from spot and (word, rest) is filled from
--        label on every row
-- locks  ROW EXCLUSIVE on public.places
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: split places.spot ->
-- from   line 5: split places.label -> word text = (split_part(label, ' ', 1)), rest text =
--        (split_part(label, ' ', 2))
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.places: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.places'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.places
   SET lat = CASE WHEN lat IS NULL AND lon IS NULL THEN segue.segue_public_places_to_lat_a22a3888(spot) ELSE lat END, lon = CASE WHEN lat IS NULL AND lon IS NULL THEN segue.segue_public_places_to_lon_ac3952d0(spot) ELSE lon END, word = CASE WHEN word IS NULL AND rest IS NULL THEN CAST((split_part(label, ' ', 1)) AS text) ELSE word END, rest = CASE WHEN word IS NULL AND rest IS NULL THEN CAST((split_part(label, ' ', 2)) AS text) ELSE rest END
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (lat IS NULL AND lon IS NULL AND (segue.segue_public_places_to_lat_a22a3888(spot) IS NOT NULL OR segue.segue_public_places_to_lon_ac3952d0(spot) IS NOT NULL)
     OR word IS NULL AND rest IS NULL AND (CAST((split_part(label, ' ', 1)) AS text) IS NOT NULL OR CAST((split_part(label, ' ', 2)) AS text) IS NOT NULL));
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
