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

SELECT segue.enter('input', '', 3, 'ee152c9b4c00519e402ea8dbd631e1acfaa5e7c8a7f0ca6251a8e90939a56456') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values in public.people.full_name that do not convert ──
-- why    they are listed here, before anything is filled or built
-- locks  ACCESS SHARE on public.people
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 2: split people.full_name -> first_name text = (split_part(full_name, ' ', 1)),
--        last_name text = (substr(full_name, strpos(full_name, ' ') + 1))
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.people WHERE segue.segue_public_people_fails_for_full_name_2997fb88(full_name) AND pg_catalog.record_image_ne(ROW(full_name), ROW(segue.segue_public_people_back_to_full_name_3cdb87c2(first_name, last_name, full_name)))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.people hold values of full_name that `=` cannot convert'
      USING DETAIL = found, HINT = 'mend these values, or make `=` say what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Look for values in public.people.born that do not convert ──
-- why    they are listed here, before anything is filled or built
-- locks  ACCESS SHARE on public.people
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 7: split people.born -> born_on date = (born::date), decade integer = (left(born,
--        3)::integer * 10)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.people WHERE segue.segue_public_people_fails_for_born_425ad5b4(born) AND born_on IS NULL AND decade IS NULL
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.people hold values of born that `=` cannot convert'
      USING DETAIL = found, HINT = 'mend these values, or make `=` say what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.3  Look for values in public.events.day, hour that do not convert ──
-- why    they are listed here, before anything is filled or built
-- locks  ACCESS SHARE on public.events
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 10: merge events(day, hour) -> starts_at timestamp = (day + hour)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.events WHERE segue.segue_public_events_fails_for_day_hour_01072aff(day, hour) AND pg_catalog.record_image_ne(ROW(day, hour), ROW(segue.segue_public_events_back_to_day_1a3938a3(starts_at, day, hour), segue.segue_public_events_back_to_hour_dc2978d1(starts_at, day, hour)))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.events hold values of day, hour that `=` cannot convert'
      USING DETAIL = found, HINT = 'mend these values, or make `=` say what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.4  Look for values of public.orders.total_cents that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public.orders
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 14: retype orders.total_cents -> numeric(18,2) as total
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(total_cents::text, 60) FROM public.orders WHERE segue.segue_public_orders_total_cents_fails_657c20d8(total_cents)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.orders hold values of total_cents that do not convert to numeric(18,2)'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.5  Look for values of public.orders.state that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public.orders
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 19: retype orders.state -> order_state as status
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(state::text, 60) FROM public.orders WHERE segue.segue_public_orders_state_fails_31600ebb(state)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.orders hold values of state that do not convert to public.order_state'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.6  Look for values of public.members.bio that have nowhere to go ──
-- why    they are listed here, before anything is filled or built
-- locks  ACCESS SHARE on public.members
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 23: move members.bio -> cards.bio on (cards.member_id = members.id) via app
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.members WHERE members.bio IS NOT NULL AND NOT EXISTS (SELECT FROM public.cards AS segue_target WHERE segue_target.member_id = members.id)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.members hold values of bio that have no row of public.cards to go to'
      USING DETAIL = found, HINT = 'insert their rows into public.cards, or set bio to NULL; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.7  Keep what the fill overwrites in public.parcels ──
-- why    undo puts the old values back wherever the app has not written since
-- locks  ACCESS SHARE on public.parcels, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TABLE IF EXISTS segue.segue_public_parcels_journal_59aadb5d;
-- from   line 27: check parcels (weight > 0) as parcels_weight
-- from   line 31: reference parcels(person) -> people(id)
SELECT pg_catalog.to_regclass('segue.segue_public_parcels_journal_59aadb5d') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE TABLE segue.segue_public_parcels_journal_59aadb5d AS
  SELECT id, weight AS old_1, weight AS new_1, person AS old_2, person AS new_2
    FROM public.parcels WITH NO DATA;
ALTER TABLE segue.segue_public_parcels_journal_59aadb5d ADD PRIMARY KEY (id);
COMMIT;
\endif

-- ── 3.8  Fill public.cards ──
-- why    in small batches, until bio is bio of public.members on every row
-- locks  ROW EXCLUSIVE on public.cards, ROW SHARE on public.members
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 23: move members.bio -> cards.bio on (cards.member_id = members.id) via app
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.cards: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.cards'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
WITH segue_locked AS MATERIALIZED (
  SELECT ctid AS segue_tid
    FROM ONLY public.cards
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND (cards.bio IS NULL AND EXISTS (SELECT FROM public.members AS segue_source WHERE segue_source.id = cards.member_id AND segue_source.bio IS NOT NULL))
     FOR NO KEY UPDATE
)
UPDATE ONLY public.cards
   SET bio = (SELECT segue_source.bio FROM public.members AS segue_source WHERE segue_source.id = cards.member_id FOR SHARE SKIP LOCKED)
  FROM segue_locked
 WHERE cards.ctid = segue_locked.segue_tid;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.9  Fill public.events ──
-- why    in small batches, until (day, hour) and starts_at say the same on every row
-- locks  ROW EXCLUSIVE on public.events
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 10: merge events(day, hour) -> starts_at timestamp = (day + hour)
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.events: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.events'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.events
   SET starts_at = coalesce(starts_at, segue.segue_public_events_to_starts_at_c27f0921(day, hour))
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (starts_at IS NULL AND (segue.segue_public_events_to_starts_at_c27f0921(day, hour) IS NOT NULL));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.10  Fill public.orders ──
-- why    in small batches, until total and total_cents agree by `using` or by `back` and status has
--        what state converts to on every row
-- locks  ROW EXCLUSIVE on public.orders
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 14: retype orders.total_cents -> numeric(18,2) as total
-- from   line 19: retype orders.state -> order_state as status
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.orders: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.orders'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.orders
   SET total = segue.segue_public_orders_total_cents_map_f1a6170f(total_cents), status = segue.segue_public_orders_state_map_d72187b4(state)
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (total IS NULL AND (segue.segue_public_orders_total_cents_map_f1a6170f(total_cents)) IS NOT NULL
     OR status IS NULL AND (segue.segue_public_orders_state_map_d72187b4(state)) IS NOT NULL);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.11  Fill public.parcels ──
-- why    in small batches, until parcels_weight holds and parcels_person_fkey finds its row on
--        every row
-- locks  ROW EXCLUSIVE on public.parcels
-- scans  writes rows, in small transactions
-- undo   put back what was overwritten in public.parcels
-- from   line 27: check parcels (weight > 0) as parcels_weight
-- from   line 31: reference parcels(person) -> people(id)
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.parcels: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.parcels'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
WITH segue_before AS MATERIALIZED (
  SELECT ctid AS segue_tid, weight AS segue_old_1, person AS segue_old_2
    FROM ONLY public.parcels
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND ((weight > 0) IS FALSE
     OR parcels.person IS NOT NULL AND NOT EXISTS (SELECT FROM public.people AS segue_target WHERE segue_target.id = parcels.person))
     FOR NO KEY UPDATE
), segue_filled AS (
  UPDATE ONLY public.parcels
     SET weight = CASE WHEN (weight > 0) IS FALSE THEN 1 ELSE weight END, person = CASE WHEN parcels.person IS NOT NULL AND NOT EXISTS (SELECT FROM public.people AS segue_target WHERE segue_target.id = parcels.person) THEN null ELSE parcels.person END
    FROM segue_before
   WHERE parcels.ctid = segue_before.segue_tid
  RETURNING parcels.id, segue_before.segue_old_1, parcels.weight, segue_before.segue_old_2, parcels.person
)
INSERT INTO segue.segue_public_parcels_journal_59aadb5d SELECT * FROM segue_filled ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.12  Fill public.people ──
-- why    in small batches, until full_name and (first_name, last_name) say the same and (born_on,
--        decade) is filled from born on every row
-- locks  ROW EXCLUSIVE on public.people
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 2: split people.full_name -> first_name text = (split_part(full_name, ' ', 1)),
--        last_name text = (substr(full_name, strpos(full_name, ' ') + 1))
-- from   line 7: split people.born -> born_on date = (born::date), decade integer = (left(born,
--        3)::integer * 10)
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
UPDATE ONLY public.people
   SET first_name = CASE WHEN first_name IS NULL AND last_name IS NULL THEN segue.segue_public_people_to_first_name_d9a69600(full_name) ELSE first_name END, last_name = CASE WHEN first_name IS NULL AND last_name IS NULL THEN segue.segue_public_people_to_last_name_810d8d06(full_name) ELSE last_name END, born_on = CASE WHEN born_on IS NULL AND decade IS NULL THEN segue.segue_public_people_to_born_on_25584f91(born) ELSE born_on END, decade = CASE WHEN born_on IS NULL AND decade IS NULL THEN segue.segue_public_people_to_decade_b28353d0(born) ELSE decade END
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (first_name IS NULL AND last_name IS NULL AND (segue.segue_public_people_to_first_name_d9a69600(full_name) IS NOT NULL OR segue.segue_public_people_to_last_name_810d8d06(full_name) IS NOT NULL)
     OR born_on IS NULL AND decade IS NULL AND (segue.segue_public_people_to_born_on_25584f91(born) IS NOT NULL OR segue.segue_public_people_to_decade_b28353d0(born) IS NOT NULL));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.13  Look for rows where full_name and first_name, last_name of public.people do not agree ──
-- why    the application keeps both sides in step: where it did not, only a person knows which is
--        right
-- locks  ACCESS SHARE on public.people
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 2: split people.full_name -> first_name text = (split_part(full_name, ' ', 1)),
--        last_name text = (substr(full_name, strpos(full_name, ' ') + 1))
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(full_name::text, 60), pg_catalog.left(first_name::text, 60), pg_catalog.left(last_name::text, 60) FROM public.people WHERE (pg_catalog.record_image_ne(ROW(first_name, last_name), ROW(segue.segue_public_people_to_first_name_d9a69600(full_name), segue.segue_public_people_to_last_name_810d8d06(full_name))) OR segue.segue_public_people_fails_for_full_name_2997fb88(full_name)) AND pg_catalog.record_image_ne(ROW(full_name), ROW(segue.segue_public_people_back_to_full_name_3cdb87c2(first_name, last_name, full_name)))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.people have full_name and first_name, last_name that do not agree'
      USING DETAIL = found, HINT = 'a release writes one side alone, or not the same to both: see that it is out, mend these rows, then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.14  Look for rows where day, hour and starts_at of public.events do not agree ──
-- why    the application keeps both sides in step: where it did not, only a person knows which is
--        right
-- locks  ACCESS SHARE on public.events
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 10: merge events(day, hour) -> starts_at timestamp = (day + hour)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(day::text, 60), pg_catalog.left(hour::text, 60), pg_catalog.left(starts_at::text, 60) FROM public.events WHERE (pg_catalog.record_image_ne(ROW(starts_at), ROW(segue.segue_public_events_to_starts_at_c27f0921(day, hour))) OR segue.segue_public_events_fails_for_day_hour_01072aff(day, hour)) AND pg_catalog.record_image_ne(ROW(day, hour), ROW(segue.segue_public_events_back_to_day_1a3938a3(starts_at, day, hour), segue.segue_public_events_back_to_hour_dc2978d1(starts_at, day, hour)))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.events have day, hour and starts_at that do not agree'
      USING DETAIL = found, HINT = 'a release writes one side alone, or not the same to both: see that it is out, mend these rows, then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.15  Look for rows where total_cents and total of public.orders do not agree ──
-- why    the application keeps both sides in step: where it did not, only a person knows which is
--        right
-- locks  ACCESS SHARE on public.orders
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 14: retype orders.total_cents -> numeric(18,2) as total
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(total_cents::text, 60), pg_catalog.left(total::text, 60) FROM public.orders WHERE NOT ((NOT pg_catalog.record_image_ne(ROW(total), ROW(segue.segue_public_orders_total_cents_map_f1a6170f(total_cents))) AND NOT segue.segue_public_orders_total_cents_fails_657c20d8(total_cents)) OR NOT pg_catalog.record_image_ne(ROW(total_cents), ROW(CAST(((total * 100)::integer) AS integer))))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.orders have total_cents and total that do not agree'
      USING DETAIL = found, HINT = 'a release writes one side alone, or not the same to both: see that it is out, mend these rows, then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.16  Look for rows where state and status of public.orders do not agree ──
-- why    the application keeps both sides in step: where it did not, only a person knows which is
--        right
-- locks  ACCESS SHARE on public.orders
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 19: retype orders.state -> order_state as status
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(state::text, 60), pg_catalog.left(status::text, 60) FROM public.orders WHERE NOT (status IS NOT NULL OR (NOT pg_catalog.record_image_ne(ROW(status), ROW(segue.segue_public_orders_state_map_d72187b4(state))) AND NOT segue.segue_public_orders_state_fails_31600ebb(state)))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.orders have state and status that do not agree'
      USING DETAIL = found, HINT = 'a release writes one side alone, or not the same to both: see that it is out, mend these rows, then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.17  Look whether public.cards.bio is as public.members.bio ──
-- why    the application keeps both in step: where it did not, only a person knows which is right
-- locks  ACCESS SHARE on public.cards
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 23: move members.bio -> cards.bio on (cards.member_id = members.id) via app
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT member_id::text FROM public.cards WHERE EXISTS (SELECT FROM public.members AS segue_source WHERE segue_source.id = cards.member_id AND pg_catalog.record_image_ne(ROW(segue_source.bio), ROW(cards.bio)))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.cards do not hold in bio what their rows of public.members hold in bio'
      USING DETAIL = found, HINT = 'write the right value into bio of these rows; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.18  Add 4 constraints to public.orders ──
-- why    that total and total_cents agree by `using` or by `back` is proven, and stays so; that
--        status has what state converts to is proven, and stays so; total may not be NULL any more;
--        status may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS
--        segue_total_cents_as_numeric_18_2__6db515e6; …
-- from   line 14: retype orders.total_cents -> numeric(18,2) as total
-- from   line 19: retype orders.state -> order_state as status
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_cents_as_numeric_18_2__6db515e6')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_state_as_public_order_state_784ba83f')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_not_null_ad6e27ef')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_status_not_null_29a379c9') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  ADD CONSTRAINT segue_total_cents_as_numeric_18_2__6db515e6 CHECK ((NOT pg_catalog.record_image_ne(ROW(total), ROW(segue.segue_public_orders_total_cents_map_f1a6170f(total_cents))) AND NOT segue.segue_public_orders_total_cents_fails_657c20d8(total_cents)) OR NOT pg_catalog.record_image_ne(ROW(total_cents), ROW(CAST(((total * 100)::integer) AS integer)))) NOT VALID,
  ADD CONSTRAINT segue_state_as_public_order_state_784ba83f CHECK (status IS NOT NULL OR (NOT pg_catalog.record_image_ne(ROW(status), ROW(segue.segue_public_orders_state_map_d72187b4(state))) AND NOT segue.segue_public_orders_state_fails_31600ebb(state))) NOT VALID,
  ADD CONSTRAINT segue_total_not_null_ad6e27ef CHECK (total IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_status_not_null_29a379c9 CHECK (status IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.19  Add parcels_weight to public.parcels ──
-- why    parcels_weight binds every row from now on; NOT VALID: binds new writes at once and reads
--        no row
-- locks  ACCESS EXCLUSIVE on public.parcels, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.parcels DROP CONSTRAINT IF EXISTS parcels_weight;
-- from   line 27: check parcels (weight > 0) as parcels_weight
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'parcels_weight') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.parcels
  ADD CONSTRAINT parcels_weight CHECK (weight > 0) NOT VALID;
COMMIT;
\endif

-- ── 3.20  Add parcels_person_fkey to public.parcels ──
-- why    parcels_person_fkey binds every row from now on; NOT VALID: binds new writes at once and
--        reads no row
-- locks  SHARE ROW EXCLUSIVE on public.parcels, SHARE ROW EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.parcels DROP CONSTRAINT IF EXISTS parcels_person_fkey;
-- from   line 31: reference parcels(person) -> people(id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'parcels_person_fkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.parcels
  ADD CONSTRAINT parcels_person_fkey FOREIGN KEY (person) REFERENCES public.people (id) NOT VALID;
COMMIT;
\endif

-- ── 3.21  Validate public.orders ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 14: retype orders.total_cents -> numeric(18,2) as total
-- from   line 19: retype orders.state -> order_state as status
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_cents_as_numeric_18_2__6db515e6' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_state_as_public_order_state_784ba83f' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_not_null_ad6e27ef' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_status_not_null_29a379c9' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  VALIDATE CONSTRAINT segue_total_cents_as_numeric_18_2__6db515e6,
  VALIDATE CONSTRAINT segue_state_as_public_order_state_784ba83f,
  VALIDATE CONSTRAINT segue_total_not_null_ad6e27ef,
  VALIDATE CONSTRAINT segue_status_not_null_29a379c9;
COMMIT;
\endif

-- ── 3.22  Validate public.parcels ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.parcels
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 27: check parcels (weight > 0) as parcels_weight
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'parcels_weight' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.parcels
  VALIDATE CONSTRAINT parcels_weight;
COMMIT;
\endif

-- ── 3.23  Validate public.parcels ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.parcels, ROW SHARE on public.people
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 31: reference parcels(person) -> people(id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.parcels') AND conname = 'parcels_person_fkey' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.parcels
  VALIDATE CONSTRAINT parcels_person_fkey;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
