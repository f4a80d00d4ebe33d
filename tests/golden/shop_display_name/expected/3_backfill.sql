-- display_name · phase 3 of 4: backfill
-- Show the name that people choose, and ask for a phone number
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

SELECT segue.enter('display_name', 'Show the name that people choose, and ask for a phone number', 3, 'dd8823201c8255e5373110f695af7f63e244e968724e5d2257891c18351d179e') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.users ──
-- why    in small batches, until display_name is full_name and phone has a value on every row
-- locks  ROW EXCLUSIVE on public.users
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 6: rename users.full_name -> display_name
-- from   line 8: add users.phone varchar(20) required
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
      SET LOCAL session_replication_role = replica;
UPDATE ONLY public.users
   SET display_name = full_name, phone = coalesce(phone, 'unknown')
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (display_name IS DISTINCT FROM full_name
     OR phone IS NULL);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_users_country_full_name_idx_009de280 ──
-- why    as users_country_full_name_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_country_full_name_idx_009de280;
-- from   line 6: rename users.full_name -> display_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_users_country_full_name_idx_009de280') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_country_full_name_idx_009de280;
CREATE INDEX CONCURRENTLY segue_users_country_full_name_idx_009de280 ON public.users (country, display_name DESC NULLS LAST) INCLUDE (email);
\endif

-- ── 3.3  Build public.segue_users_full_name_idx_51949685 ──
-- why    as users_full_name_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_full_name_idx_51949685;
-- from   line 6: rename users.full_name -> display_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_users_full_name_idx_51949685') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_full_name_idx_51949685;
CREATE INDEX CONCURRENTLY segue_users_full_name_idx_51949685 ON public.users (display_name);
\endif

-- ── 3.4  Build public.segue_users_lower_full_name_idx_0623acdf ──
-- why    as users_lower_full_name_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_lower_full_name_idx_0623acdf;
-- from   line 6: rename users.full_name -> display_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_users_lower_full_name_idx_0623acdf') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_lower_full_name_idx_0623acdf;
CREATE INDEX CONCURRENTLY segue_users_lower_full_name_idx_0623acdf ON public.users ((lower(display_name))) WHERE (deleted_at IS NULL);
\endif

-- ── 3.5  Build public.segue_users_recent_idx_a189751f ──
-- why    as users_recent_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_recent_idx_a189751f;
-- from   line 6: rename users.full_name -> display_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_users_recent_idx_a189751f') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_recent_idx_a189751f;
CREATE INDEX CONCURRENTLY segue_users_recent_idx_a189751f ON public.users (created_at DESC) INCLUDE (display_name);
\endif

-- ── 3.6  Add 3 constraints to public.users ──
-- why    that display_name is full_name is proven, and stays so; phone may not be NULL any more; as
--        users_full_name_check, over the new column; NOT VALID: binds new writes at once and reads
--        no row
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS
--        segue_display_name_is_full_name_6c7949bc; ALTER TABLE public.users DROP CONSTRAINT IF
--        EXISTS segue_phone_not_null_7231301b; ALTER TABLE public.users DROP CONSTRAINT IF EXISTS
--        segue_users_full_name_check_39c59b92;
-- from   line 6: rename users.full_name -> display_name
-- from   line 8: add users.phone varchar(20) required
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_display_name_is_full_name_6c7949bc')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_phone_not_null_7231301b')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_users_full_name_check_39c59b92') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT segue_display_name_is_full_name_6c7949bc CHECK (NOT pg_catalog.record_image_ne(ROW(full_name), ROW(display_name))) NOT VALID,
  ADD CONSTRAINT segue_phone_not_null_7231301b CHECK (phone IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_users_full_name_check_39c59b92 CHECK (length(display_name) <= 200) NOT VALID;
COMMIT;
\endif

-- ── 3.7  Validate public.users ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 6: rename users.full_name -> display_name
-- from   line 8: add users.phone varchar(20) required
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_display_name_is_full_name_6c7949bc' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_phone_not_null_7231301b' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_users_full_name_check_39c59b92' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  VALIDATE CONSTRAINT segue_display_name_is_full_name_6c7949bc,
  VALIDATE CONSTRAINT segue_phone_not_null_7231301b,
  VALIDATE CONSTRAINT segue_users_full_name_check_39c59b92;
COMMIT;
\endif

-- ── 3.8  Let public.customers read the new column ──
-- why    same output, same names; both releases read it all the while
-- locks  ACCESS SHARE on public.users, ACCESS EXCLUSIVE on public.customers, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   CREATE OR REPLACE VIEW public.customers (id, full_name, search_name, country) AS SELECT
--        users.id, users.full_name, lower(users.full_name) AS search_name, users.country FROM
--        public.users WHERE (users.deleted_at IS NULL);
-- from   line 6: rename users.full_name -> display_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid IN (SELECT oid FROM pg_catalog.pg_rewrite WHERE ev_class = pg_catalog.to_regclass('public.customers')) AND d.refobjid = pg_catalog.to_regclass('public.users') AND a.attname = 'display_name') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE VIEW public.customers (id, full_name, search_name, country) AS
 SELECT users.id,
    users.display_name AS full_name,
    lower(users.display_name) AS search_name,
    users.country
   FROM public.users
  WHERE (users.deleted_at IS NULL);
COMMIT;
\endif

-- ── 3.9  Let public.open_orders read the new column ──
-- why    same output, same names; both releases read it all the while
-- locks  ACCESS SHARE on public.users, ACCESS EXCLUSIVE on public.open_orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   CREATE OR REPLACE VIEW public.open_orders (id, full_name, status, total_cents) AS SELECT
--        o.id, u.full_name, o.status, o.total_cents FROM (public.orders o JOIN public.users u ON
--        ((u.id = o.user_id))) WHERE (o.status = ANY (ARRAY['new'::public.order_status,
--        'paid'::public.order_status, 'packed'::public.order_status])); …
-- from   line 6: rename users.full_name -> display_name
SELECT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid IN (SELECT oid FROM pg_catalog.pg_rewrite WHERE ev_class = pg_catalog.to_regclass('public.open_orders')) AND d.refobjid = pg_catalog.to_regclass('public.users') AND a.attname = 'display_name') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE VIEW public.open_orders (id, full_name, status, total_cents) AS
 SELECT o.id,
    u.display_name AS full_name,
    o.status,
    o.total_cents
   FROM (public.orders o
     JOIN public.users u ON ((u.id = o.user_id)))
  WHERE (o.status = ANY (ARRAY['new'::public.order_status, 'paid'::public.order_status, 'packed'::public.order_status]));
COMMIT;
\endif

SELECT segue.leave('display_name', 3) AS "phase complete";
