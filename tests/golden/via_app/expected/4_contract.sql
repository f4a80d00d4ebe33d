-- input · phase 4 of 4: contract
--
-- when   when no release runs that knows what is old
-- apply  segue apply <this directory> --phase 4 --release NAME
--        or psql -v ON_ERROR_STOP=1 -f 4_contract.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

-- No release that runs may still need what goes: segue.ack says so, segue.skip_soak why a soak
-- need not be over. See `segue gate` for what else there is to ask.
SELECT segue.require_release('input', interval '0 seconds') AS segue_released \gset

SELECT segue.enter('input', '', 4, 'ee152c9b4c00519e402ea8dbd631e1acfaa5e7c8a7f0ca6251a8e90939a56456') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Look once more whether full_name and first_name, last_name of public.people agree ──
-- why    no trigger and no CHECK holds the promise: what a release wrote to one side alone since
--        phase 3 would be lost with the old columns
-- locks  ACCESS SHARE on public.people
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 2: split people.full_name -> first_name text = (split_part(full_name, ' ', 1)),
--        last_name text = (substr(full_name, strpos(full_name, ' ') + 1))
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'full_name' AND NOT attisdropped) AS segue_done \gset
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
SELECT id::text, pg_catalog.left(full_name::text, 60), pg_catalog.left(first_name::text, 60), pg_catalog.left(last_name::text, 60) FROM public.people WHERE (pg_catalog.record_image_ne(ROW(first_name, last_name), ROW(segue.segue_public_people_to_first_name_d9a69600(full_name), segue.segue_public_people_to_last_name_810d8d06(full_name))) OR segue.segue_public_people_fails_for_full_name_2997fb88(full_name)) AND pg_catalog.record_image_ne(ROW(full_name), ROW(segue.segue_public_people_back_to_full_name_3cdb87c2(first_name, last_name, full_name)))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.people have full_name and first_name, last_name that do not agree'
      USING DETAIL = found, HINT = 'a release writes one side alone, or not the same to both: see that it is out, mend these rows, then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.2  Look once more whether born and born_on, decade of public.people agree ──
-- why    no trigger and no CHECK holds the promise: what a release wrote to one side alone since
--        phase 3 would be lost with the old columns
-- locks  ACCESS SHARE on public.people
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 7: split people.born -> born_on date = (born::date), decade integer = (left(born,
--        3)::integer * 10)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'born' AND NOT attisdropped) AS segue_done \gset
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
SELECT id::text, pg_catalog.left(born::text, 60), pg_catalog.left(born_on::text, 60), pg_catalog.left(decade::text, 60) FROM public.people WHERE born_on IS NULL AND decade IS NULL AND (segue.segue_public_people_to_born_on_25584f91(born) IS NOT NULL OR segue.segue_public_people_to_decade_b28353d0(born) IS NOT NULL OR segue.segue_public_people_fails_for_born_425ad5b4(born))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.people have born and born_on, decade that do not agree'
      USING DETAIL = found, HINT = 'a release writes one side alone, or not the same to both: see that it is out, mend these rows, then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.3  Look once more whether day, hour and starts_at of public.events agree ──
-- why    no trigger and no CHECK holds the promise: what a release wrote to one side alone since
--        phase 3 would be lost with the old columns
-- locks  ACCESS SHARE on public.events
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 10: merge events(day, hour) -> starts_at timestamp = (day + hour)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.events') AND attname = 'day' AND NOT attisdropped) AS segue_done \gset
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
SELECT id::text, pg_catalog.left(day::text, 60), pg_catalog.left(hour::text, 60), pg_catalog.left(starts_at::text, 60) FROM public.events WHERE (pg_catalog.record_image_ne(ROW(starts_at), ROW(segue.segue_public_events_to_starts_at_c27f0921(day, hour))) OR segue.segue_public_events_fails_for_day_hour_01072aff(day, hour)) AND pg_catalog.record_image_ne(ROW(day, hour), ROW(segue.segue_public_events_back_to_day_1a3938a3(starts_at, day, hour), segue.segue_public_events_back_to_hour_dc2978d1(starts_at, day, hour)))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.events have day, hour and starts_at that do not agree'
      USING DETAIL = found, HINT = 'a release writes one side alone, or not the same to both: see that it is out, mend these rows, then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.4  Look once more for values of public.members.bio that have nowhere to go ──
-- why    no CHECK can hold a promise over two tables, and a look at all rows under the lock that
--        drops the column would stop both releases: so the rows are read in short pieces beside the
--        traffic; what the application writes to one table alone after that is lost
-- locks  ACCESS SHARE on public.members
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 23: move members.bio -> cards.bio on (cards.member_id = members.id) via app
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.members') AND attname = 'bio' AND NOT attisdropped) AS segue_done \gset
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
SELECT id::text FROM public.members WHERE members.bio IS NOT NULL AND NOT EXISTS (SELECT FROM public.cards AS segue_target WHERE segue_target.member_id = members.id)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.members hold values of bio that have no row of public.cards to go to'
      USING DETAIL = found, HINT = 'insert their rows into public.cards, or set bio to NULL; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.5  Look once more whether public.cards.bio is as public.members.bio ──
-- why    no CHECK can hold a promise over two tables, and a look at all rows under the lock that
--        drops the column would stop both releases: so the rows are read in short pieces beside the
--        traffic; what the application writes to one table alone after that is lost
-- locks  ACCESS SHARE on public.cards
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 23: move members.bio -> cards.bio on (cards.member_id = members.id) via app
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.members') AND attname = 'bio' AND NOT attisdropped) AS segue_done \gset
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
SELECT member_id::text FROM public.cards WHERE EXISTS (SELECT FROM public.members AS segue_source WHERE segue_source.id = cards.member_id AND pg_catalog.record_image_ne(ROW(segue_source.bio), ROW(cards.bio)))
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.cards do not hold in bio what their rows of public.members hold in bio'
      USING DETAIL = found, HINT = 'write the right value into bio of these rows; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.6  Contract public.members ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.cards, ACCESS EXCLUSIVE on public.members, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 23: move members.bio -> cards.bio on (cards.member_id = members.id) via app
-- from   line 25: drop members.legacy via app
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.members') AND attname = 'bio' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.members') AND attname = 'legacy' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.cards, public.members IN ACCESS EXCLUSIVE MODE;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.members DROP COLUMN IF EXISTS bio RESTRICT;
ALTER TABLE public.members DROP COLUMN IF EXISTS legacy RESTRICT;
COMMIT;
\endif

-- ── 4.7  Contract public.events ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.events, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 10: merge events(day, hour) -> starts_at timestamp = (day + hour)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.events') AND attname = 'day' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.events') AND attname = 'hour' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.events IN ACCESS EXCLUSIVE MODE;
DROP FUNCTION IF EXISTS segue.segue_public_events_fails_for_day_hour_01072aff(date, time without time zone);
DROP FUNCTION IF EXISTS segue.segue_public_events_to_starts_at_c27f0921(date, time without time zone);
DROP FUNCTION IF EXISTS segue.segue_public_events_back_to_day_1a3938a3(timestamp, date, time without time zone);
DROP FUNCTION IF EXISTS segue.segue_public_events_given_to_day_cfd46f63(timestamp, date, time without time zone);
DROP FUNCTION IF EXISTS segue.segue_public_events_back_to_hour_dc2978d1(timestamp, date, time without time zone);
DROP FUNCTION IF EXISTS segue.segue_public_events_given_to_hour_fd070991(timestamp, date, time without time zone);
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.events DROP COLUMN IF EXISTS day RESTRICT;
ALTER TABLE public.events DROP COLUMN IF EXISTS hour RESTRICT;
COMMIT;
\endif

-- ── 4.8  Contract public.orders ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 14: retype orders.total_cents -> numeric(18,2) as total
-- from   line 19: retype orders.state -> order_state as status
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'total_cents' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'state' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'total' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.orders') AND attname = 'status' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_not_null_ad6e27ef')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_status_not_null_29a379c9') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_cents_as_numeric_18_2__6db515e6' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.orders: it is not proven that total and total_cents agree by `using` or by `back`'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_state_as_public_order_state_784ba83f' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.orders: it is not proven that status has what state converts to'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_total_cents_as_numeric_18_2__6db515e6;
DROP FUNCTION IF EXISTS segue.segue_public_orders_total_cents_map_f1a6170f(integer);
DROP FUNCTION IF EXISTS segue.segue_public_orders_total_cents_fails_657c20d8(integer);
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_state_as_public_order_state_784ba83f;
DROP FUNCTION IF EXISTS segue.segue_public_orders_state_map_d72187b4(text);
DROP FUNCTION IF EXISTS segue.segue_public_orders_state_fails_31600ebb(text);
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.orders DROP COLUMN IF EXISTS total_cents RESTRICT;
ALTER TABLE public.orders DROP COLUMN IF EXISTS state RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.orders ALTER COLUMN total SET NOT NULL;
ALTER TABLE public.orders ALTER COLUMN status SET NOT NULL;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_total_not_null_ad6e27ef;
ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_status_not_null_29a379c9;
COMMIT;
\endif

-- ── 4.9  Contract public.parcels ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.parcels, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.parcels IN ACCESS EXCLUSIVE MODE;
-- undo is over: what the fill overwrote is not needed any more
DROP TABLE IF EXISTS segue.segue_public_parcels_journal_59aadb5d;
COMMIT;

-- ── 4.10  Contract public.people ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 2: split people.full_name -> first_name text = (split_part(full_name, ' ', 1)),
--        last_name text = (substr(full_name, strpos(full_name, ' ') + 1))
-- from   line 7: split people.born -> born_on date = (born::date), decade integer = (left(born,
--        3)::integer * 10)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'full_name' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'born' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.people IN ACCESS EXCLUSIVE MODE;
DROP FUNCTION IF EXISTS segue.segue_public_people_fails_for_full_name_2997fb88(text);
DROP FUNCTION IF EXISTS segue.segue_public_people_to_first_name_d9a69600(text);
DROP FUNCTION IF EXISTS segue.segue_public_people_to_last_name_810d8d06(text);
DROP FUNCTION IF EXISTS segue.segue_public_people_back_to_full_name_3cdb87c2(text, text, text);
DROP FUNCTION IF EXISTS segue.segue_public_people_fails_for_born_425ad5b4(text);
DROP FUNCTION IF EXISTS segue.segue_public_people_to_born_on_25584f91(text);
DROP FUNCTION IF EXISTS segue.segue_public_people_to_decade_b28353d0(text);
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.people DROP COLUMN IF EXISTS full_name RESTRICT;
ALTER TABLE public.people DROP COLUMN IF EXISTS born RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
