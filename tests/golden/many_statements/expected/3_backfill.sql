-- tidy · phase 3 of 4: backfill
-- Several things at once: one backfill for each table
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

SELECT segue.enter('tidy', 'Several things at once: one backfill for each table', 3, '1278373e2502de1e7ed008245af3954c5dac00d1b238644adc49e09092351095') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for rows without a match under orders_user_id_fkey ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.orders, ACCESS SHARE on public.users
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 8: reference orders(user_id) -> users(id)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, user_id::text FROM public.orders WHERE orders.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.users AS segue_target WHERE segue_target.id = orders.user_id)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.orders reference nothing in public.users'
      USING DETAIL = found, HINT = 'mend them, or say `repair column = …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Look for rows without public.orders.user_id ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.orders
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 9: require orders.user_id
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.orders WHERE user_id IS NULL
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.orders have no user_id'
      USING DETAIL = found, HINT = 'give them a value, or say `backfill …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.3  Keep what the fill overwrites in public.users ──
-- why    undo puts the old values back wherever the app has not written since
-- locks  ACCESS SHARE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TABLE IF EXISTS segue.segue_public_users_journal_419a9a41;
-- from   line 4: rename users.email -> login
-- from   line 5: add users.phone text required backfill 'unknown'
-- from   line 6: require users.country backfill 'XX'
SELECT pg_catalog.to_regclass('segue.segue_public_users_journal_419a9a41') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE TABLE segue.segue_public_users_journal_419a9a41 AS
  SELECT id, country AS old_1, country AS new_1
    FROM public.users WITH NO DATA;
ALTER TABLE segue.segue_public_users_journal_419a9a41 ADD PRIMARY KEY (id);
COMMIT;
\endif

-- ── 3.4  Fill public.orders ──
-- why    in small batches, until total_cents is total on every row
-- locks  ROW EXCLUSIVE on public.orders
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 7: rename orders.total -> total_cents
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
   SET total_cents = total
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (total_cents IS DISTINCT FROM total);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.5  Fill public.users ──
-- why    in small batches, until login is email and phone has a value and country has a value on
--        every row
-- locks  ROW EXCLUSIVE on public.users
-- scans  writes rows, in small transactions
-- undo   put back what was overwritten in public.users
-- from   line 4: rename users.email -> login
-- from   line 5: add users.phone text required backfill 'unknown'
-- from   line 6: require users.country backfill 'XX'
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
  SELECT ctid AS segue_tid, country AS segue_old_1
    FROM ONLY public.users
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND (login IS DISTINCT FROM email
     OR phone IS NULL
     OR country IS NULL)
     FOR NO KEY UPDATE
), segue_filled AS (
  UPDATE ONLY public.users
     SET login = email, phone = coalesce(phone, 'unknown'), country = coalesce(country, 'XX')
    FROM segue_before
   WHERE users.ctid = segue_before.segue_tid
  RETURNING users.id, segue_before.segue_old_1, users.country
)
INSERT INTO segue.segue_public_users_journal_419a9a41 SELECT * FROM segue_filled ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.6  Build public.orders_total_cents_user_id_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.orders_total_cents_user_id_idx;
-- from   line 10: index orders(total_cents, user_id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.orders_total_cents_user_id_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.orders_total_cents_user_id_idx;
CREATE INDEX CONCURRENTLY orders_total_cents_user_id_idx ON public.orders (total_cents, user_id);
\endif

-- ── 3.7  Add 2 constraints to public.orders ──
-- why    that total_cents is total is proven, and stays so; total_cents may not be NULL any more;
--        NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_total_cents_is_total_5762e0af;
--        ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS segue_total_cents_not_null_6984c8c9;
-- from   line 7: rename orders.total -> total_cents
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_cents_is_total_5762e0af')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_cents_not_null_6984c8c9') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  ADD CONSTRAINT segue_total_cents_is_total_5762e0af CHECK (NOT pg_catalog.record_image_ne(ROW(total), ROW(total_cents))) NOT VALID,
  ADD CONSTRAINT segue_total_cents_not_null_6984c8c9 CHECK (total_cents IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.8  Add 4 constraints to public.users ──
-- why    that login is email is proven, and stays so; phone may not be NULL any more; country may
--        not be NULL any more; login may not be NULL any more; NOT VALID: binds new writes at once
--        and reads no row
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_login_is_email_a910a01c; …
-- from   line 4: rename users.email -> login
-- from   line 5: add users.phone text required backfill 'unknown'
-- from   line 6: require users.country backfill 'XX'
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_login_is_email_a910a01c')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_phone_not_null_35bfbd73')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_country_not_null_61251c5d')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_login_not_null_8b7cc47c') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT segue_login_is_email_a910a01c CHECK (NOT pg_catalog.record_image_ne(ROW(email), ROW(login))) NOT VALID,
  ADD CONSTRAINT segue_phone_not_null_35bfbd73 CHECK (phone IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_country_not_null_61251c5d CHECK (country IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_login_not_null_8b7cc47c CHECK (login IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.9  Add orders_user_id_fkey to public.orders ──
-- why    orders_user_id_fkey binds every row from now on; NOT VALID: binds new writes at once and
--        reads no row
-- locks  SHARE ROW EXCLUSIVE on public.orders, SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS orders_user_id_fkey;
-- from   line 8: reference orders(user_id) -> users(id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'orders_user_id_fkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) NOT VALID;
COMMIT;
\endif

-- ── 3.10  Validate public.orders ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.orders
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 7: rename orders.total -> total_cents
-- from   line 9: require orders.user_id
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_cents_is_total_5762e0af' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_user_id_not_null_1f8c4b04' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'segue_total_cents_not_null_6984c8c9' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  VALIDATE CONSTRAINT segue_total_cents_is_total_5762e0af,
  VALIDATE CONSTRAINT segue_user_id_not_null_1f8c4b04,
  VALIDATE CONSTRAINT segue_total_cents_not_null_6984c8c9;
COMMIT;
\endif

-- ── 3.11  Validate public.users ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 4: rename users.email -> login
-- from   line 5: add users.phone text required backfill 'unknown'
-- from   line 6: require users.country backfill 'XX'
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_login_is_email_a910a01c' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_phone_not_null_35bfbd73' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_country_not_null_61251c5d' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_login_not_null_8b7cc47c' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  VALIDATE CONSTRAINT segue_login_is_email_a910a01c,
  VALIDATE CONSTRAINT segue_phone_not_null_35bfbd73,
  VALIDATE CONSTRAINT segue_country_not_null_61251c5d,
  VALIDATE CONSTRAINT segue_login_not_null_8b7cc47c;
COMMIT;
\endif

-- ── 3.12  Validate public.orders ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.orders, ROW SHARE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 8: reference orders(user_id) -> users(id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.orders') AND conname = 'orders_user_id_fkey' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.orders
  VALIDATE CONSTRAINT orders_user_id_fkey;
COMMIT;
\endif

SELECT segue.leave('tidy', 3) AS "phase complete";
