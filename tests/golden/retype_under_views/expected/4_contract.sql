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

SELECT segue.enter('input', '', 4, '6b66a5cd961596557ac339ac7de98e3b6f001bee24915c38d243212dda8cca40') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.fees, public.members ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.fees, ACCESS EXCLUSIVE on public.members, ACCESS EXCLUSIVE on
--        app.easy, ACCESS EXCLUSIVE on app.louder, ACCESS EXCLUSIVE on public."Member's names",
--        ACCESS EXCLUSIVE on public.counted, ACCESS EXCLUSIVE on public.owed, ACCESS EXCLUSIVE on
--        public.owed_list, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: retype members.score -> bigint
-- from   line 3: retype fees.cents -> numeric(12,2)
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.fees') AND attname = 'segue_cents_as_numeric_12_2__b045c9ed' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.members') AND attname = 'segue_score_as_bigint_cfec3648' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.members') AND attname = 'score' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.members') AND conname = 'segue_segue_score_as_bigint_cfec3648_not_null_ca751f23') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '100ms';
-- views over the column step aside: PostgreSQL changes no type of a view's column
SELECT pg_catalog.set_config('segue.views_6540685f', coalesce(pg_catalog.string_agg(act.sql, ';' ORDER BY v.nth, act.kind, act.nth), ''), true) IS NOT NULL
       AS "views kept"
  FROM pg_catalog.unnest(ARRAY['public.counted', 'public."Member''s names"', 'app.louder', 'app.easy', 'public.owed', 'public.owed_list']) WITH ORDINALITY AS v (name, nth)
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
DROP VIEW IF EXISTS public.owed_list, public.owed, app.easy, app.louder, public."Member's names", public.counted RESTRICT;
LOCK TABLE public.fees, public.members IN ACCESS EXCLUSIVE MODE;
-- new = old converted, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.fees') AND conname = 'segue_cents_as_numeric_12_2__6e108623' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.fees: it is not proven that the copy of cents is cents as numeric(12,2)'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.members') AND conname = 'segue_score_as_bigint_a8ff8682' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.members: it is not proven that the copy of score is score as bigint'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_fees_b011b659 ON public.fees;
DROP FUNCTION IF EXISTS segue.segue_public_fees_sync_eb58d24c();
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_members_d1bb7693 ON public.members;
DROP FUNCTION IF EXISTS segue.segue_public_members_sync_0d273b66();
ALTER TABLE public.fees DROP CONSTRAINT IF EXISTS segue_cents_as_numeric_12_2__6e108623;
DROP FUNCTION IF EXISTS segue.segue_public_fees_cents_map_ea5e0712(integer);
DROP FUNCTION IF EXISTS segue.segue_public_fees_cents_fails_65b04929(integer);
ALTER TABLE public.members DROP CONSTRAINT IF EXISTS segue_score_as_bigint_a8ff8682;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.fees DROP COLUMN IF EXISTS cents RESTRICT;
ALTER TABLE public.members DROP COLUMN IF EXISTS score RESTRICT;
-- the copy takes the name over in the same moment
ALTER TABLE public.fees RENAME COLUMN segue_cents_as_numeric_12_2__b045c9ed TO cents;
ALTER TABLE public.members RENAME COLUMN segue_score_as_bigint_cfec3648 TO score;
-- proven by the validated CHECK: no scan
ALTER TABLE public.members ALTER COLUMN score SET NOT NULL;
ALTER TABLE public.members DROP CONSTRAINT IF EXISTS segue_segue_score_as_bigint_cfec3648_not_null_ca751f23;
-- and come back as they were, with owner, grants and comments
DO $segue$
BEGIN
  EXECUTE pg_catalog.current_setting('segue.views_6540685f');
END
$segue$;
-- functions over the column plan anew: its type is another
ALTER FUNCTION public.keep_loud() VOLATILE;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
