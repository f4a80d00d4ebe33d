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
SELECT segue.require_release('input', interval '86400 seconds') AS segue_released \gset

SELECT segue.enter('input', '', 4, '6eab794d92c48ab868d3fe8af372454ea0e80c56825c60a0dc77d29aedac02c0') AS segue_contracted \gset
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
-- from   line 4: rename people."Full Name" -> display_name
-- from   line 5: rename people.state -> status
-- from   line 6: rename people.made -> made_at
-- from   line 7: drop people.old_code
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'Full Name' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'state' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'made' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'old_code' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'display_name' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_display_name_not_null_8daf30fb') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.people IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_display_name_is_full_name_65e0e57f' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.people: it is not proven that display_name is "Full Name"'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_status_is_state_f9a2ed98' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.people: it is not proven that status is state'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_made_at_is_made_5a61e3b5' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.people: it is not proven that made_at is made'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- nobody is left to be noticed
DROP TRIGGER IF EXISTS zz_segue_old_segue_public_people_old_update_d92e11e7 ON public.people;
DROP TRIGGER IF EXISTS zz_segue_old_segue_public_people_old_insert_bc47a1cf ON public.people;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_people_6ab9eb43 ON public.people;
DROP FUNCTION IF EXISTS segue.segue_public_people_sync_b88411f6();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_people_display_name_null_db8214b8 ON public.people;
DROP FUNCTION IF EXISTS segue.segue_public_people_display_name_null_function_9e471bb0();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_people_status_null_464c16a6 ON public.people;
DROP FUNCTION IF EXISTS segue.segue_public_people_status_null_function_ce693026();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_people_made_at_null_15e081bf ON public.people;
DROP FUNCTION IF EXISTS segue.segue_public_people_made_at_null_function_4db7f271();
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_display_name_is_full_name_65e0e57f;
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_status_is_state_f9a2ed98;
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_made_at_is_made_5a61e3b5;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.people DROP COLUMN IF EXISTS "Full Name" RESTRICT;
ALTER TABLE public.people DROP COLUMN IF EXISTS state RESTRICT;
ALTER TABLE public.people DROP COLUMN IF EXISTS made RESTRICT;
ALTER TABLE public.people DROP COLUMN IF EXISTS old_code RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.people ALTER COLUMN display_name SET NOT NULL;
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_display_name_not_null_8daf30fb;
-- the default comes when the old column is gone: earlier it would win over an old INSERT's value
ALTER TABLE public.people ALTER COLUMN status SET DEFAULT 'new'::character varying;
ALTER TABLE public.people ALTER COLUMN made_at SET DEFAULT clock_timestamp();
COMMIT;
\endif

-- ── 4.2  Contract public.visits ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 8: rename visits.came -> came_on via app
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.visits') AND attname = 'came' AND NOT attisdropped) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.visits IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'segue_came_on_is_came_416b3a4b' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.visits: it is not proven that came_on is came'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS segue_came_on_is_came_416b3a4b;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.visits DROP COLUMN IF EXISTS came RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
