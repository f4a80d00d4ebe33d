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

SELECT segue.enter('input', '', 3, '1f914e597eeee79d9a6176964b2f07d3bc4f6c8f8e6d35385d854d8e106ed094') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.people ──
-- why    in small batches, until the copy of id is id as bigint on every row
-- locks  ROW EXCLUSIVE on public.people
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 5: widen people.id -> bigint
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
   SET segue_id_as_bigint_7eaff00d = id::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_id_as_bigint_7eaff00d), ROW(id::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Fill public.purchases ──
-- why    in small batches, until the copy of id is id as bigint and the copy of user_id is user_id
--        as bigint on every row
-- locks  ROW EXCLUSIVE on public.purchases
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 4: widen purchases.id -> bigint
-- from   line 5: widen people.id -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.purchases: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.purchases'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.purchases
   SET segue_id_as_bigint_7eaff00d = id::bigint, segue_user_id_as_bigint_71f436c7 = user_id::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_id_as_bigint_7eaff00d), ROW(id::bigint))
     OR pg_catalog.record_image_ne(ROW(segue_user_id_as_bigint_71f436c7), ROW(user_id::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Fill public.user_cards ──
-- why    in small batches, until the copy of user_id is user_id as bigint on every row
-- locks  ROW EXCLUSIVE on public.user_cards
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 5: widen people.id -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.user_cards: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.user_cards'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.user_cards
   SET segue_user_id_as_bigint_71f436c7 = user_id::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_user_id_as_bigint_71f436c7), ROW(user_id::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.4  Build public.segue_users_pkey_a435770d ──
-- why    as users_pkey, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_pkey_a435770d;
-- from   line 5: widen people.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_users_pkey_a435770d') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_pkey_a435770d;
CREATE UNIQUE INDEX CONCURRENTLY segue_users_pkey_a435770d ON public.people (segue_id_as_bigint_7eaff00d);
\endif

-- ── 3.5  Build public.segue_orders_pkey_a222d19c ──
-- why    as orders_pkey, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.purchases
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_pkey_a222d19c;
-- from   line 4: widen purchases.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_orders_pkey_a222d19c') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_pkey_a222d19c;
CREATE UNIQUE INDEX CONCURRENTLY segue_orders_pkey_a222d19c ON public.purchases (segue_id_as_bigint_7eaff00d);
\endif

-- ── 3.6  Build public.segue_orders_user_id_idx_dabc23a4 ──
-- why    as orders_user_id_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.purchases
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_user_id_idx_dabc23a4;
-- from   line 4: widen purchases.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_orders_user_id_idx_dabc23a4') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_orders_user_id_idx_dabc23a4;
CREATE INDEX CONCURRENTLY segue_orders_user_id_idx_dabc23a4 ON public.purchases (segue_user_id_as_bigint_71f436c7);
\endif

-- ── 3.7  Build public.segue_user_cards_user_id_key_bd87d572 ──
-- why    as user_cards_user_id_key, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.user_cards
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_user_cards_user_id_key_bd87d572;
-- from   line 5: widen people.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_user_cards_user_id_key_bd87d572') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_user_cards_user_id_key_bd87d572;
CREATE UNIQUE INDEX CONCURRENTLY segue_user_cards_user_id_key_bd87d572 ON public.user_cards (segue_user_id_as_bigint_71f436c7);
\endif

-- ── 3.8  Add 2 constraints to public.people ──
-- why    that the copy of id is id as bigint is proven, and stays so; segue_id_as_bigint_7eaff00d
--        may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_id_as_bigint_1bb378af; ALTER
--        TABLE public.people DROP CONSTRAINT IF EXISTS
--        segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
-- from   line 5: widen people.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_id_as_bigint_1bb378af')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  ADD CONSTRAINT segue_id_as_bigint_1bb378af CHECK (NOT pg_catalog.record_image_ne(ROW(segue_id_as_bigint_7eaff00d), ROW(id::bigint))) NOT VALID,
  ADD CONSTRAINT segue_segue_id_as_bigint_7eaff00d_not_null_7b197021 CHECK (segue_id_as_bigint_7eaff00d IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.9  Add 3 constraints to public.purchases ──
-- why    that the copy of id is id as bigint is proven, and stays so; that the copy of user_id is
--        user_id as bigint is proven, and stays so; segue_id_as_bigint_7eaff00d may not be NULL any
--        more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.purchases, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.purchases DROP CONSTRAINT IF EXISTS segue_id_as_bigint_1bb378af; ALTER
--        TABLE public.purchases DROP CONSTRAINT IF EXISTS segue_user_id_as_bigint_0d034d59; ALTER
--        TABLE public.purchases DROP CONSTRAINT IF EXISTS
--        segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
-- from   line 4: widen purchases.id -> bigint
-- from   line 5: widen people.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.purchases') AND conname = 'segue_id_as_bigint_1bb378af')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.purchases') AND conname = 'segue_user_id_as_bigint_0d034d59')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.purchases') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.purchases
  ADD CONSTRAINT segue_id_as_bigint_1bb378af CHECK (NOT pg_catalog.record_image_ne(ROW(segue_id_as_bigint_7eaff00d), ROW(id::bigint))) NOT VALID,
  ADD CONSTRAINT segue_user_id_as_bigint_0d034d59 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_user_id_as_bigint_71f436c7), ROW(user_id::bigint))) NOT VALID,
  ADD CONSTRAINT segue_segue_id_as_bigint_7eaff00d_not_null_7b197021 CHECK (segue_id_as_bigint_7eaff00d IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.10  Add 2 constraints to public.user_cards ──
-- why    that the copy of user_id is user_id as bigint is proven, and stays so;
--        segue_user_id_as_bigint_71f436c7 may not be NULL any more; NOT VALID: binds new writes at
--        once and reads no row
-- locks  ACCESS EXCLUSIVE on public.user_cards, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.user_cards DROP CONSTRAINT IF EXISTS segue_user_id_as_bigint_0d034d59;
--        ALTER TABLE public.user_cards DROP CONSTRAINT IF EXISTS
--        segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b;
-- from   line 5: widen people.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.user_cards') AND conname = 'segue_user_id_as_bigint_0d034d59')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.user_cards') AND conname = 'segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.user_cards
  ADD CONSTRAINT segue_user_id_as_bigint_0d034d59 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_user_id_as_bigint_71f436c7), ROW(user_id::bigint))) NOT VALID,
  ADD CONSTRAINT segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b CHECK (segue_user_id_as_bigint_71f436c7 IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.11  Add segue_orders_user_id_fkey_99a13a2c to public.purchases ──
-- why    as orders_user_id_fkey, over the new column; NOT VALID: binds new writes at once and reads
--        no row
-- locks  SHARE ROW EXCLUSIVE on public.purchases, SHARE ROW EXCLUSIVE on public.people, for a
--        moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.purchases DROP CONSTRAINT IF EXISTS segue_orders_user_id_fkey_99a13a2c;
-- from   line 4: widen purchases.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.purchases') AND conname = 'segue_orders_user_id_fkey_99a13a2c') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.purchases
  ADD CONSTRAINT segue_orders_user_id_fkey_99a13a2c FOREIGN KEY (segue_user_id_as_bigint_71f436c7) REFERENCES public.people (segue_id_as_bigint_7eaff00d) NOT VALID;
COMMIT;
\endif

-- ── 3.12  Add segue_user_cards_user_id_fkey_311f9eee to public.user_cards ──
-- why    as user_cards_user_id_fkey, over the new column; NOT VALID: binds new writes at once and
--        reads no row
-- locks  SHARE ROW EXCLUSIVE on public.user_cards, SHARE ROW EXCLUSIVE on public.people, for a
--        moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.user_cards DROP CONSTRAINT IF EXISTS
--        segue_user_cards_user_id_fkey_311f9eee;
-- from   line 5: widen people.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.user_cards') AND conname = 'segue_user_cards_user_id_fkey_311f9eee') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.user_cards
  ADD CONSTRAINT segue_user_cards_user_id_fkey_311f9eee FOREIGN KEY (segue_user_id_as_bigint_71f436c7) REFERENCES public.people (segue_id_as_bigint_7eaff00d) ON DELETE CASCADE NOT VALID;
COMMIT;
\endif

-- ── 3.13  Validate public.people ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 5: widen people.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_id_as_bigint_1bb378af' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  VALIDATE CONSTRAINT segue_id_as_bigint_1bb378af,
  VALIDATE CONSTRAINT segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
COMMIT;
\endif

-- ── 3.14  Validate public.purchases ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.purchases
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 4: widen purchases.id -> bigint
-- from   line 5: widen people.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.purchases') AND conname = 'segue_id_as_bigint_1bb378af' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.purchases') AND conname = 'segue_user_id_as_bigint_0d034d59' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.purchases') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.purchases
  VALIDATE CONSTRAINT segue_id_as_bigint_1bb378af,
  VALIDATE CONSTRAINT segue_user_id_as_bigint_0d034d59,
  VALIDATE CONSTRAINT segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
COMMIT;
\endif

-- ── 3.15  Validate public.user_cards ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.user_cards
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 5: widen people.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.user_cards') AND conname = 'segue_user_id_as_bigint_0d034d59' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.user_cards') AND conname = 'segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.user_cards
  VALIDATE CONSTRAINT segue_user_id_as_bigint_0d034d59,
  VALIDATE CONSTRAINT segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b;
COMMIT;
\endif

-- ── 3.16  Validate public.purchases ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.purchases, ROW SHARE on public.people
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 4: widen purchases.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.purchases') AND conname = 'segue_orders_user_id_fkey_99a13a2c' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.purchases
  VALIDATE CONSTRAINT segue_orders_user_id_fkey_99a13a2c;
COMMIT;
\endif

-- ── 3.17  Validate public.user_cards ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.user_cards, ROW SHARE on public.people
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 5: widen people.id -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.user_cards') AND conname = 'segue_user_cards_user_id_fkey_311f9eee' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.user_cards
  VALIDATE CONSTRAINT segue_user_cards_user_id_fkey_311f9eee;
COMMIT;
\endif

-- ── 3.18  Try what phase 4 does: Contract public.people, public.purchases, public.user_cards ──
-- why    a view that does not stand over the new type, or something that hangs on it, shows now and
--        not when it is too late; all of it is taken back at once
-- locks  ACCESS EXCLUSIVE on public.people, ACCESS EXCLUSIVE on public.purchases, ACCESS EXCLUSIVE
--        on public.user_cards, ACCESS EXCLUSIVE on public.buyers, ACCESS EXCLUSIVE on public.users,
--        ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing: it is taken back at once
-- from   line 4: widen purchases.id -> bigint
-- from   line 5: widen people.id -> bigint
BEGIN;
SET LOCAL lock_timeout = '133ms';
SAVEPOINT segue_trial;
DROP VIEW IF EXISTS public.users RESTRICT;
DROP VIEW IF EXISTS public.orders RESTRICT;
-- views over the column step aside: PostgreSQL changes no type of a view's column
SELECT pg_catalog.set_config('segue.views_6540685f', coalesce(pg_catalog.string_agg(act.sql, ';' ORDER BY v.nth, act.kind, act.nth), ''), true) IS NOT NULL
       AS "views kept"
  FROM pg_catalog.unnest(ARRAY['public.buyers']) WITH ORDINALITY AS v (name, nth)
  JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(v.name) AND c.relkind = 'v'
 CROSS JOIN LATERAL (
    SELECT 1, 0, pg_catalog.format('CREATE VIEW %s (%s)%s AS %s', v.name,
             (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)
                FROM pg_catalog.pg_attribute a
               WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
             ' WITH (' || pg_catalog.array_to_string(c.reloptions, ', ') || ')',
             pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';'))
    UNION ALL
    SELECT 2, 0, pg_catalog.format('ALTER VIEW %s OWNER TO %s', v.name, c.relowner::pg_catalog.regrole)
     WHERE c.relowner <> pg_catalog.quote_ident(current_user)::pg_catalog.regrole
    UNION ALL
    SELECT DISTINCT 3, 0, pg_catalog.format('REVOKE ALL ON %s FROM %s', v.name,
             CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::pg_catalog.regrole::text END)
      FROM pg_catalog.pg_default_acl d, pg_catalog.aclexplode(d.defaclacl) a
     WHERE d.defaclobjtype = 'r' AND a.grantee <> c.relowner
    UNION ALL
    SELECT 4, 0, pg_catalog.format('GRANT %s ON %s TO %s%s', a.privilege_type, v.name,
             CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::pg_catalog.regrole::text END,
             CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_catalog.aclexplode(c.relacl) a WHERE a.grantee <> c.relowner
    UNION ALL
    SELECT 4, a.attnum, pg_catalog.format('GRANT %s (%I) ON %s TO %s%s', g.privilege_type, a.attname, v.name,
             CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::pg_catalog.regrole::text END,
             CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_catalog.pg_attribute a, pg_catalog.aclexplode(a.attacl) g
     WHERE a.attrelid = c.oid AND NOT a.attisdropped
    UNION ALL
    SELECT 5, d.objsubid, CASE d.objsubid
             WHEN 0 THEN pg_catalog.format('COMMENT ON VIEW %s IS %L', v.name, d.description)
             ELSE pg_catalog.format('COMMENT ON COLUMN %s.%I IS %L', v.name,
                    (SELECT a.attname FROM pg_catalog.pg_attribute a
                      WHERE a.attrelid = c.oid AND a.attnum = d.objsubid), d.description) END
      FROM pg_catalog.pg_description d
     WHERE d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objoid = c.oid
    UNION ALL
    SELECT 6, a.attnum, pg_catalog.format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', v.name, a.attname,
             pg_catalog.pg_get_expr(d.adbin, d.adrelid))
      FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
     WHERE d.adrelid = c.oid
    UNION ALL
    SELECT 7, 0, pg_catalog.rtrim(pg_catalog.pg_get_ruledef(r.oid), ';')
      FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN'
    UNION ALL
    SELECT 7, 0, pg_catalog.pg_get_triggerdef(t.oid)
      FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
  ) AS act (kind, nth, sql);
DROP VIEW IF EXISTS public.buyers RESTRICT;
LOCK TABLE public.people, public.purchases, public.user_cards IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_id_as_bigint_1bb378af' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.people: it is not proven that the copy of id is id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.purchases') AND conname = 'segue_id_as_bigint_1bb378af' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.purchases: it is not proven that the copy of id is id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.purchases') AND conname = 'segue_user_id_as_bigint_0d034d59' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.purchases: it is not proven that the copy of user_id is user_id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.user_cards') AND conname = 'segue_user_id_as_bigint_0d034d59' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.user_cards: it is not proven that the copy of user_id is user_id as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_people_6ab9eb43 ON public.people;
DROP FUNCTION IF EXISTS segue.segue_public_people_sync_b88411f6();
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_purchases_f4b1e678 ON public.purchases;
DROP FUNCTION IF EXISTS segue.segue_public_purchases_sync_e9273ee3();
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_user_cards_78c7843b ON public.user_cards;
DROP FUNCTION IF EXISTS segue.segue_public_user_cards_sync_1fc588de();
ALTER TABLE public.purchases DROP CONSTRAINT IF EXISTS orders_user_id_fkey;
ALTER TABLE public.user_cards DROP CONSTRAINT IF EXISTS user_cards_user_id_fkey;
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_id_as_bigint_1bb378af;
ALTER TABLE public.purchases DROP CONSTRAINT IF EXISTS segue_id_as_bigint_1bb378af;
ALTER TABLE public.purchases DROP CONSTRAINT IF EXISTS segue_user_id_as_bigint_0d034d59;
ALTER TABLE public.user_cards DROP CONSTRAINT IF EXISTS segue_user_id_as_bigint_0d034d59;
-- the sequence stays when the old column goes
ALTER SEQUENCE public.users_id_seq OWNED BY public.people.segue_id_as_bigint_7eaff00d;
-- the identity sequence's place is kept for the new one
SELECT pg_catalog.set_config('segue.identity_7e665a71', s.last_value::text || ' ' || s.is_called::text, true) FROM public.orders_id_seq AS s;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.people DROP COLUMN IF EXISTS id RESTRICT;
ALTER TABLE public.purchases DROP COLUMN IF EXISTS id RESTRICT;
ALTER TABLE public.purchases DROP COLUMN IF EXISTS user_id RESTRICT;
ALTER TABLE public.user_cards DROP COLUMN IF EXISTS user_id RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.people RENAME COLUMN segue_id_as_bigint_7eaff00d TO id;
ALTER TABLE public.purchases RENAME COLUMN segue_id_as_bigint_7eaff00d TO id;
ALTER TABLE public.purchases RENAME COLUMN segue_user_id_as_bigint_71f436c7 TO user_id;
ALTER TABLE public.user_cards RENAME COLUMN segue_user_id_as_bigint_71f436c7 TO user_id;
-- proven by the validated CHECK: no scan
ALTER TABLE public.people ALTER COLUMN id SET NOT NULL;
ALTER TABLE public.purchases ALTER COLUMN id SET NOT NULL;
ALTER TABLE public.user_cards ALTER COLUMN user_id SET NOT NULL;
ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
ALTER TABLE public.purchases DROP CONSTRAINT IF EXISTS segue_segue_id_as_bigint_7eaff00d_not_null_7b197021;
ALTER TABLE public.user_cards DROP CONSTRAINT IF EXISTS segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b;
-- identity, from where the old one stopped
ALTER TABLE public.purchases ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.orders_id_seq START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1);
SELECT pg_catalog.setval('public.orders_id_seq', split_part(v, ' ', 1)::bigint, split_part(v, ' ', 2)::boolean)
  FROM pg_catalog.current_setting('segue.identity_7e665a71') AS v;
-- the sequence goes on beyond the old type
ALTER SEQUENCE public.users_id_seq AS bigint;
-- the default comes when the old column is gone: earlier it would win over an old INSERT's value
ALTER TABLE public.people ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);
-- names and constraints go over to the new indexes
ALTER TABLE public.people ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX segue_users_pkey_a435770d;
ALTER TABLE public.purchases ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX segue_orders_pkey_a222d19c;
DROP INDEX IF EXISTS public.orders_user_id_idx;
ALTER INDEX public.segue_orders_user_id_idx_dabc23a4 RENAME TO orders_user_id_idx;
ALTER TABLE public.purchases RENAME CONSTRAINT segue_orders_user_id_fkey_99a13a2c TO orders_user_id_fkey;
ALTER TABLE public.user_cards ADD CONSTRAINT user_cards_user_id_key UNIQUE USING INDEX segue_user_cards_user_id_key_bd87d572;
ALTER TABLE public.user_cards RENAME CONSTRAINT segue_user_cards_user_id_fkey_311f9eee TO user_cards_user_id_fkey;
-- and come back as they were, with owner, grants and comments
DO $segue$
BEGIN
  EXECUTE pg_catalog.current_setting('segue.views_6540685f');
END
$segue$;
ROLLBACK TO SAVEPOINT segue_trial;
RELEASE SAVEPOINT segue_trial;
COMMIT;

SELECT segue.leave('input', 3) AS "phase complete";
