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

SELECT segue.enter('input', '', 4, '1f9dcac7e4a66c428dc49c50d2240d5d77e1fbb8b45bc08a7b6f57d9cecb30c1') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.people ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: retype people.mood -> mood
-- from   line 4: retype people.wish -> mood
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'segue_mood_as_public_mood_aa864192' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'segue_wish_as_public_mood_716ab3ba' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'mood' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_segue_mood_as_public_mood_aa864192_not_null_bfba089e') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.people IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_mood_as_public_mood_d0bf01c0' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.people: it is not proven that the copy of mood is mood as public.mood'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_wish_as_public_mood_83e38b68' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.people: it is not proven that the copy of wish is wish as public.mood'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_people_6ab9eb43 ON public.people;
DROP FUNCTION IF EXISTS segue.segue_public_people_sync_b88411f6();
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_mood_as_public_mood_d0bf01c0;
DROP FUNCTION IF EXISTS segue.segue_public_people_mood_map_48b7ed06(text);
DROP FUNCTION IF EXISTS segue.segue_public_people_mood_fails_b0acec05(text);
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_wish_as_public_mood_83e38b68;
DROP FUNCTION IF EXISTS segue.segue_public_people_wish_map_042958f6(text);
DROP FUNCTION IF EXISTS segue.segue_public_people_wish_fails_f35a7535(text);
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.people DROP COLUMN IF EXISTS mood RESTRICT;
ALTER TABLE public.people DROP COLUMN IF EXISTS wish RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.people RENAME COLUMN segue_mood_as_public_mood_aa864192 TO mood;
ALTER TABLE public.people RENAME COLUMN segue_wish_as_public_mood_716ab3ba TO wish;
-- proven by the validated CHECK: no scan
ALTER TABLE public.people ALTER COLUMN mood SET NOT NULL;
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_segue_mood_as_public_mood_aa864192_not_null_bfba089e;
-- the default comes when the old column is gone: earlier it would win over an old INSERT's value
ALTER TABLE public.people ALTER COLUMN mood SET DEFAULT 'ok'::public.mood;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.people_mood_idx;
ALTER INDEX public.segue_people_mood_idx_14639012 RENAME TO people_mood_idx;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
