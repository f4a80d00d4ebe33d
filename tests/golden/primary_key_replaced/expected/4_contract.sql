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

SELECT segue.enter('input', '', 4, '0ae36bc4646fb65750952eb28c878e0aad53ca173901a502a5e1f9b42397bb9a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.notes, public.users ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.notes, ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: drop constraint notes.notes_user
-- from   line 2: drop constraint users.users_pkey
-- from   line 3: primary key users(key)
-- from   line 4: rename users.uuid -> key
-- from   line 5: primary key notes(nr)
-- from   line 6: rename notes.id -> nr
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.notes') AND conname = 'notes_user')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.notes') AND attname = 'id' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'uuid' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.notes') AND attname = 'nr' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.users') AND attname = 'key' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.notes') AND conname = 'segue_nr_not_null_923109db')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_key_not_null_42bacd0c')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.notes') AND conname = 'notes_pkey')
   AND pg_catalog.to_regclass('public.segue_users_pkey_a435770d') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.notes, public.users IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.notes') AND conname = 'segue_nr_is_id_6a74a930' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.notes: it is not proven that nr is id'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_key_is_uuid_dd5c6edf' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.users: it is not proven that key is uuid'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_notes_c272619d ON public.notes;
DROP FUNCTION IF EXISTS segue.segue_public_notes_sync_e1160860();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_notes_nr_null_621a1422 ON public.notes;
DROP FUNCTION IF EXISTS segue.segue_public_notes_nr_null_function_5c14f79a();
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_users_8b73d7d0 ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_sync_e5577a8b();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_users_key_null_b10e5e96 ON public.users;
DROP FUNCTION IF EXISTS segue.segue_public_users_key_null_function_424d37f6();
-- the foreign key's triggers are on both tables: both are locked
ALTER TABLE public.notes DROP CONSTRAINT IF EXISTS notes_user RESTRICT;
ALTER TABLE public.notes DROP CONSTRAINT IF EXISTS segue_nr_is_id_6a74a930;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS users_pkey RESTRICT;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_key_is_uuid_dd5c6edf;
-- the identity sequence's place is kept for the new one
SELECT pg_catalog.set_config('segue.identity_411e58e5', s.last_value::text || ' ' || s.is_called::text, true) FROM public.notes_id_seq AS s;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.notes DROP COLUMN IF EXISTS id RESTRICT;
ALTER TABLE public.users DROP COLUMN IF EXISTS uuid RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.notes ALTER COLUMN nr SET NOT NULL;
ALTER TABLE public.users ALTER COLUMN key SET NOT NULL;
ALTER TABLE public.notes DROP CONSTRAINT IF EXISTS segue_nr_not_null_923109db;
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_key_not_null_42bacd0c;
-- identity, from where the old one stopped
ALTER TABLE public.notes ALTER COLUMN nr ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.notes_id_seq START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1);
SELECT pg_catalog.setval('public.notes_id_seq', split_part(v, ' ', 1)::bigint, split_part(v, ' ', 2)::boolean)
  FROM pg_catalog.current_setting('segue.identity_411e58e5') AS v;
-- the key takes the index over and is NOT NULL by proof: no scan
ALTER TABLE public.notes ADD CONSTRAINT notes_pkey PRIMARY KEY USING INDEX notes_pkey;
ALTER TABLE public.users ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX segue_users_pkey_a435770d;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
