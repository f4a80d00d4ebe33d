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

SELECT segue.enter('input', '', 3, '2e8f29a668be6eaf0610d145ac3a357b6a57cb54344738b2c051dabf0aa2d481') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Keep what the fill overwrites in public.users ──
-- why    undo puts the old values back wherever the app has not written since
-- locks  ACCESS SHARE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TABLE IF EXISTS segue.segue_public_users_journal_af1429c7;
-- from   line 1: require users.country backfill 'XX'
SELECT pg_catalog.to_regclass('segue.segue_public_users_journal_af1429c7') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE TABLE segue.segue_public_users_journal_af1429c7 AS
  SELECT id, country AS old_1, country AS new_1
    FROM public.users WITH NO DATA;
ALTER TABLE segue.segue_public_users_journal_af1429c7 ADD PRIMARY KEY (id);
COMMIT;
\endif

-- ── 3.2  Fill public.users ──
-- why    in small batches, until country has a value on every row
-- locks  ROW EXCLUSIVE on public.users
-- scans  writes rows, in small transactions
-- undo   put back what was overwritten in public.users
-- from   line 1: require users.country backfill 'XX'
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
     AND (country IS NULL)
     FOR NO KEY UPDATE
), segue_filled AS (
  UPDATE ONLY public.users
     SET country = coalesce(country, 'XX')
    FROM segue_before
   WHERE users.ctid = segue_before.segue_tid
  RETURNING users.id, segue_before.segue_old_1, users.country
)
INSERT INTO segue.segue_public_users_journal_af1429c7 SELECT * FROM segue_filled ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Add segue_country_not_null_44699ef7 to public.users ──
-- why    country may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_country_not_null_44699ef7;
-- from   line 1: require users.country backfill 'XX'
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_country_not_null_44699ef7') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT segue_country_not_null_44699ef7 CHECK (country IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.4  Validate public.users ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: require users.country backfill 'XX'
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_country_not_null_44699ef7' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  VALIDATE CONSTRAINT segue_country_not_null_44699ef7;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
