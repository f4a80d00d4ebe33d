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

SELECT segue.enter('input', '', 3, '6b66a5cd961596557ac339ac7de98e3b6f001bee24915c38d243212dda8cca40') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for values of public.fees.cents that do not convert ──
-- why    they are listed here, before anything is written or built
-- locks  ACCESS SHARE on public.fees
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 3: retype fees.cents -> numeric(12,2)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, pg_catalog.left(cents::text, 60) FROM public.fees WHERE segue.segue_public_fees_cents_fails_65b04929(cents)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.fees hold values of cents that do not convert to numeric(12,2)'
      USING DETAIL = found, HINT = 'mend them, or undo and say in `using` what becomes of them; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Fill public.fees ──
-- why    in small batches, until the copy of cents is cents as numeric(12,2) on every row
-- locks  ROW EXCLUSIVE on public.fees
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 3: retype fees.cents -> numeric(12,2)
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.fees: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.fees'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.fees
   SET segue_cents_as_numeric_12_2__b045c9ed = segue.segue_public_fees_cents_map_ea5e0712(cents)
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_cents_as_numeric_12_2__b045c9ed), ROW(segue.segue_public_fees_cents_map_ea5e0712(cents))));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.3  Fill public.members ──
-- why    in small batches, until the copy of score is score as bigint on every row
-- locks  ROW EXCLUSIVE on public.members
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: retype members.score -> bigint
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.members: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.members'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.members
   SET segue_score_as_bigint_cfec3648 = score::bigint
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_score_as_bigint_cfec3648), ROW(score::bigint)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.4  Add segue_cents_as_numeric_12_2__6e108623 to public.fees ──
-- why    that the copy of cents is cents as numeric(12,2) is proven, and stays so; NOT VALID: binds
--        new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.fees, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.fees DROP CONSTRAINT IF EXISTS segue_cents_as_numeric_12_2__6e108623;
-- from   line 3: retype fees.cents -> numeric(12,2)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.fees') AND conname = 'segue_cents_as_numeric_12_2__6e108623') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.fees
  ADD CONSTRAINT segue_cents_as_numeric_12_2__6e108623 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_cents_as_numeric_12_2__b045c9ed), ROW(segue.segue_public_fees_cents_map_ea5e0712(cents))) AND NOT segue.segue_public_fees_cents_fails_65b04929(cents)) NOT VALID;
COMMIT;
\endif

-- ── 3.5  Add 2 constraints to public.members ──
-- why    that the copy of score is score as bigint is proven, and stays so;
--        segue_score_as_bigint_cfec3648 may not be NULL any more; NOT VALID: binds new writes at
--        once and reads no row
-- locks  ACCESS EXCLUSIVE on public.members, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.members DROP CONSTRAINT IF EXISTS segue_score_as_bigint_a8ff8682; ALTER
--        TABLE public.members DROP CONSTRAINT IF EXISTS
--        segue_segue_score_as_bigint_cfec3648_not_null_ca751f23;
-- from   line 1: retype members.score -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.members') AND conname = 'segue_score_as_bigint_a8ff8682')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.members') AND conname = 'segue_segue_score_as_bigint_cfec3648_not_null_ca751f23') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.members
  ADD CONSTRAINT segue_score_as_bigint_a8ff8682 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_score_as_bigint_cfec3648), ROW(score::bigint))) NOT VALID,
  ADD CONSTRAINT segue_segue_score_as_bigint_cfec3648_not_null_ca751f23 CHECK (segue_score_as_bigint_cfec3648 IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.6  Validate public.fees ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.fees
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: retype fees.cents -> numeric(12,2)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.fees') AND conname = 'segue_cents_as_numeric_12_2__6e108623' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.fees
  VALIDATE CONSTRAINT segue_cents_as_numeric_12_2__6e108623;
COMMIT;
\endif

-- ── 3.7  Validate public.members ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.members
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: retype members.score -> bigint
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.members') AND conname = 'segue_score_as_bigint_a8ff8682' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.members') AND conname = 'segue_segue_score_as_bigint_cfec3648_not_null_ca751f23' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.members
  VALIDATE CONSTRAINT segue_score_as_bigint_a8ff8682,
  VALIDATE CONSTRAINT segue_segue_score_as_bigint_cfec3648_not_null_ca751f23;
COMMIT;
\endif

-- ── 3.8  Try what phase 4 does: Contract public.fees, public.members ──
-- why    a view that does not stand over the new type, or something that hangs on it, shows now and
--        not when it is too late; all of it is taken back at once
-- locks  ACCESS EXCLUSIVE on public.fees, ACCESS EXCLUSIVE on public.members, ACCESS EXCLUSIVE on
--        app.easy, ACCESS EXCLUSIVE on app.louder, ACCESS EXCLUSIVE on public."Member's names",
--        ACCESS EXCLUSIVE on public.counted, ACCESS EXCLUSIVE on public.owed, ACCESS EXCLUSIVE on
--        public.owed_list, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing: it is taken back at once
-- from   line 1: retype members.score -> bigint
-- from   line 3: retype fees.cents -> numeric(12,2)
BEGIN;
SET LOCAL lock_timeout = '100ms';
SAVEPOINT segue_trial;
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
ROLLBACK TO SAVEPOINT segue_trial;
RELEASE SAVEPOINT segue_trial;
COMMIT;

SELECT segue.leave('input', 3) AS "phase complete";
