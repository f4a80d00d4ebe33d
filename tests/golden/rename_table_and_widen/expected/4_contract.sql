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

SELECT segue.enter('input', '', 4, '1f914e597eeee79d9a6176964b2f07d3bc4f6c8f8e6d35385d854d8e106ed094') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Look for what hangs on the view public.users ──
-- why    the view goes next, with RESTRICT: what came to read it meanwhile is listed first
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   nothing: it only reads
-- from   line 1: rename table users -> people
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
  FROM pg_catalog.pg_depend d WHERE d.deptype = 'n'
   AND (d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = pg_catalog.to_regclass('public.users')
     OR d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid IN (
          SELECT t.oid FROM pg_catalog.pg_type t WHERE t.typrelid = pg_catalog.to_regclass('public.users')
           UNION SELECT t.typarray FROM pg_catalog.pg_type t WHERE t.typrelid = pg_catalog.to_regclass('public.users')))
   AND NOT (d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid IN (
          SELECT r.oid FROM pg_catalog.pg_rewrite r WHERE r.ev_class = pg_catalog.to_regclass('public.users')))
   AND EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass('public.users') AND relkind = 'v')
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'these still need the view public.users'
      USING DETAIL = found, HINT = 'make each of them do without it; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 4.2  Look for what hangs on the view public.orders ──
-- why    the view goes next, with RESTRICT: what came to read it meanwhile is listed first
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   nothing: it only reads
-- from   line 2: rename table orders -> purchases
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
  FROM pg_catalog.pg_depend d WHERE d.deptype = 'n'
   AND (d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = pg_catalog.to_regclass('public.orders')
     OR d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid IN (
          SELECT t.oid FROM pg_catalog.pg_type t WHERE t.typrelid = pg_catalog.to_regclass('public.orders')
           UNION SELECT t.typarray FROM pg_catalog.pg_type t WHERE t.typrelid = pg_catalog.to_regclass('public.orders')))
   AND NOT (d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid IN (
          SELECT r.oid FROM pg_catalog.pg_rewrite r WHERE r.ev_class = pg_catalog.to_regclass('public.orders')))
   AND EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass('public.orders') AND relkind = 'v')
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'these still need the view public.orders'
      USING DETAIL = found, HINT = 'make each of them do without it; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 4.3  Drop the view public.users ──
-- why    the release that used the old name is gone
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename table users -> people
SELECT pg_catalog.to_regclass('public.users') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
DROP VIEW IF EXISTS public.users RESTRICT;
COMMIT;
\endif

-- ── 4.4  Drop the view public.orders ──
-- why    the release that used the old name is gone
-- locks  ACCESS EXCLUSIVE on public.orders, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 2: rename table orders -> purchases
SELECT pg_catalog.to_regclass('public.orders') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
DROP VIEW IF EXISTS public.orders RESTRICT;
COMMIT;
\endif

-- ── 4.5  Contract public.people, public.purchases, public.user_cards ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.people, ACCESS EXCLUSIVE on public.purchases, ACCESS EXCLUSIVE
--        on public.user_cards, ACCESS EXCLUSIVE on public.buyers, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 4: widen purchases.id -> bigint
-- from   line 5: widen people.id -> bigint
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'segue_id_as_bigint_7eaff00d' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.purchases') AND attname = 'segue_id_as_bigint_7eaff00d' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.purchases') AND attname = 'segue_user_id_as_bigint_71f436c7' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.user_cards') AND attname = 'segue_user_id_as_bigint_71f436c7' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.people') AND attname = 'id' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.purchases') AND attname = 'id' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.user_cards') AND attname = 'user_id' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.purchases') AND conname = 'segue_segue_id_as_bigint_7eaff00d_not_null_7b197021')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.user_cards') AND conname = 'segue_segue_user_id_as_bigint_71f436c7_not_null_21ee075b')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'users_pkey')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.purchases') AND conname = 'orders_pkey')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.purchases') AND conname = 'segue_orders_user_id_fkey_99a13a2c')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.user_cards') AND conname = 'user_cards_user_id_key')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.user_cards') AND conname = 'segue_user_cards_user_id_fkey_311f9eee') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
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
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
