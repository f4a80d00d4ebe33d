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

SELECT segue.enter('input', '', 3, 'a9e0a6a45d0b5bd4719101c34b46c9015e7677e8aa90efd04ad6387e3e0f743e') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Add users_score_fkey to public.users ──
-- why    users_score_fkey binds every row from now on; NOT VALID: binds new writes at once and
--        reads no row
-- locks  SHARE ROW EXCLUSIVE on public.users, SHARE ROW EXCLUSIVE on public.scores, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS users_score_fkey;
-- from   line 14: reference users(score) -> scores(id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_score_fkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT users_score_fkey FOREIGN KEY (score) REFERENCES public.scores (id) NOT VALID;
COMMIT;
\endif

-- ── 3.2  Add 4 constraints to public.users ──
-- why    users_locale_check binds every row from now on; users_not_98 binds every row from now on;
--        users_not_99 binds every row from now on; users_check binds every row from now on; NOT
--        VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS users_locale_check; ALTER TABLE
--        public.users DROP CONSTRAINT IF EXISTS users_not_98; ALTER TABLE public.users DROP
--        CONSTRAINT IF EXISTS users_not_99; ALTER TABLE public.users DROP CONSTRAINT IF EXISTS
--        users_check;
-- from   line 5: check users (locale <> 'de')
-- from   line 8: check users (score <> 98) as users_not_98
-- from   line 11: check users (score <> 99) as users_not_99
-- from   line 17: check users (bonus >= score)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_locale_check')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_not_98')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_not_99')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_check') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT users_locale_check CHECK (locale <> 'de') NOT VALID,
  ADD CONSTRAINT users_not_98 CHECK (score <> 98) NOT VALID,
  ADD CONSTRAINT users_not_99 CHECK (score <> 99) NOT VALID,
  ADD CONSTRAINT users_check CHECK (bonus >= score) NOT VALID;
COMMIT;
\endif

-- ── 3.3  Keep what the fill overwrites in public.users ──
-- why    undo puts the old values back wherever the app has not written since
-- locks  ACCESS SHARE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TABLE IF EXISTS segue.segue_public_users_journal_af1429c7;
-- from   line 2: require users.locale
-- from   line 5: check users (locale <> 'de')
-- from   line 8: check users (score <> 98) as users_not_98
-- from   line 11: check users (score <> 99) as users_not_99
-- from   line 14: reference users(score) -> scores(id)
-- from   line 17: check users (bonus >= score)
SELECT pg_catalog.to_regclass('segue.segue_public_users_journal_af1429c7') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE TABLE segue.segue_public_users_journal_af1429c7 AS
  SELECT id, locale AS old_1, locale AS new_1, score AS old_2, score AS new_2, bonus AS old_3, bonus AS new_3
    FROM public.users WITH NO DATA;
ALTER TABLE segue.segue_public_users_journal_af1429c7 ADD PRIMARY KEY (id);
COMMIT;
\endif

-- ── 3.4  Fill public.users ──
-- why    in small batches, until locale has a value and users_locale_check holds and users_not_98
--        holds and users_not_99 holds and users_score_fkey finds its row and users_check holds on
--        every row
-- locks  ROW EXCLUSIVE on public.users, ROW SHARE on public.scores
-- scans  writes rows, in small transactions
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS users_locale_check; …; then put back
--        what was overwritten in public.users
-- from   line 2: require users.locale
-- from   line 5: check users (locale <> 'de')
-- from   line 8: check users (score <> 98) as users_not_98
-- from   line 11: check users (score <> 99) as users_not_99
-- from   line 14: reference users(score) -> scores(id)
-- from   line 17: check users (bonus >= score)
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
  SELECT ctid AS segue_tid, locale AS segue_old_1, score AS segue_old_2, bonus AS segue_old_3
    FROM ONLY public.users
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND (locale IS NULL
     OR (locale <> 'de') IS FALSE
     OR (score <> 98) IS FALSE
     OR (score <> 99) IS FALSE
     OR users.score IS NOT NULL AND NOT EXISTS (SELECT FROM public.scores AS segue_target WHERE segue_target.id = users.score)
     OR (bonus >= score) IS FALSE)
     FOR NO KEY UPDATE
), segue_filled AS (
  UPDATE ONLY public.users
     SET locale = (SELECT CASE WHEN (locale <> 'de') IS FALSE THEN 'fr' ELSE locale END FROM (SELECT CAST((coalesce(locale, 'de')) AS character varying(5)) AS locale) AS users), score = (SELECT CASE WHEN users.score IS NOT NULL AND NOT EXISTS (SELECT FROM public.scores AS segue_target WHERE segue_target.id = users.score) THEN 2 ELSE users.score END FROM (SELECT id, CAST(((SELECT CASE WHEN (score <> 99) IS FALSE THEN 1 ELSE score END FROM (SELECT CAST((CASE WHEN (score <> 98) IS FALSE THEN 99 ELSE score END) AS integer) AS score) AS users)) AS integer) AS score) AS users), bonus = (SELECT CASE WHEN (bonus >= score) IS FALSE THEN score ELSE bonus END FROM (SELECT CAST(((SELECT CASE WHEN users.score IS NOT NULL AND NOT EXISTS (SELECT FROM public.scores AS segue_target WHERE segue_target.id = users.score) THEN 2 ELSE users.score END FROM (SELECT id, CAST(((SELECT CASE WHEN (score <> 99) IS FALSE THEN 1 ELSE score END FROM (SELECT CAST((CASE WHEN (score <> 98) IS FALSE THEN 99 ELSE score END) AS integer) AS score) AS users)) AS integer) AS score) AS users)) AS integer) AS score, bonus) AS users)
    FROM segue_before
   WHERE users.ctid = segue_before.segue_tid
  RETURNING users.id, segue_before.segue_old_1, users.locale, segue_before.segue_old_2, users.score, segue_before.segue_old_3, users.bonus
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

-- ── 3.5  Add segue_locale_not_null_63e7b629 to public.users ──
-- why    locale may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_locale_not_null_63e7b629;
-- from   line 2: require users.locale
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_locale_not_null_63e7b629') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT segue_locale_not_null_63e7b629 CHECK (locale IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.6  Validate public.users ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 2: require users.locale
-- from   line 5: check users (locale <> 'de')
-- from   line 8: check users (score <> 98) as users_not_98
-- from   line 11: check users (score <> 99) as users_not_99
-- from   line 17: check users (bonus >= score)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_locale_not_null_63e7b629' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_locale_check' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_not_98' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_not_99' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_check' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  VALIDATE CONSTRAINT segue_locale_not_null_63e7b629,
  VALIDATE CONSTRAINT users_locale_check,
  VALIDATE CONSTRAINT users_not_98,
  VALIDATE CONSTRAINT users_not_99,
  VALIDATE CONSTRAINT users_check;
COMMIT;
\endif

-- ── 3.7  Validate public.users ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.users, ROW SHARE on public.scores
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 14: reference users(score) -> scores(id)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'users_score_fkey' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  VALIDATE CONSTRAINT users_score_fkey;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
