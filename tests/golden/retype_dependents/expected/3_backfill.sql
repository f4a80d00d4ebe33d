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

SELECT segue.enter('input', '', 3, '938492237f89755759b514c44ba2d33e37d88befe1ed21f623a0fa8d01693480') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.users ──
-- why    in small batches, until the copy of login is login as text and the copy of country is
--        country as text on every row
-- locks  ROW EXCLUSIVE on public.users
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: retype users.login -> text
-- from   line 2: retype users.country -> text
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
   SET segue_login_as_text_c6c27dc7 = login::text, segue_country_as_text_de48c6ac = country::text
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (pg_catalog.record_image_ne(ROW(segue_login_as_text_c6c27dc7), ROW(login::text))
     OR pg_catalog.record_image_ne(ROW(segue_country_as_text_de48c6ac), ROW(country::text)));
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build public.segue_users_login_key_9e1ccaf7 ──
-- why    as users_login_key, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_login_key_9e1ccaf7;
-- from   line 1: retype users.login -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_users_login_key_9e1ccaf7') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_login_key_9e1ccaf7;
CREATE UNIQUE INDEX CONCURRENTLY segue_users_login_key_9e1ccaf7 ON public.users (segue_login_as_text_c6c27dc7);
\endif

-- ── 3.3  Build public.segue_users_lower_login_idx_8e17eb99 ──
-- why    as users_lower_login_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_lower_login_idx_8e17eb99;
-- from   line 1: retype users.login -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_users_lower_login_idx_8e17eb99') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_lower_login_idx_8e17eb99;
CREATE INDEX CONCURRENTLY segue_users_lower_login_idx_8e17eb99 ON public.users ((lower((segue_login_as_text_c6c27dc7)::text)), segue_country_as_text_de48c6ac) INCLUDE (segue_login_as_text_c6c27dc7) WHERE ((segue_login_as_text_c6c27dc7)::text <> 'root'::text);
\endif

-- ── 3.4  Build public.segue_users_pattern_idx_b0344f78 ──
-- why    as users_pattern_idx, over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_pattern_idx_b0344f78;
-- from   line 1: retype users.login -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.segue_users_pattern_idx_b0344f78') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.segue_users_pattern_idx_b0344f78;
CREATE INDEX CONCURRENTLY segue_users_pattern_idx_b0344f78 ON public.users (segue_login_as_text_c6c27dc7 pg_catalog.varchar_pattern_ops);
\endif

-- ── 3.5  Add 4 constraints to public.users ──
-- why    that the copy of login is login as text is proven, and stays so; that the copy of country
--        is country as text is proven, and stays so; segue_login_as_text_c6c27dc7 may not be NULL
--        any more; as login_not_empty, over the new column; NOT VALID: binds new writes at once and
--        reads no row
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_login_as_text_e60a2ced; …
-- from   line 1: retype users.login -> text
-- from   line 2: retype users.country -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_login_as_text_e60a2ced')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_country_as_text_3369d91a')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_segue_login_as_text_c6c27dc7_not_null_6aab03eb')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_login_not_empty_c1f06044') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT segue_login_as_text_e60a2ced CHECK (NOT pg_catalog.record_image_ne(ROW(segue_login_as_text_c6c27dc7), ROW(login::text))) NOT VALID,
  ADD CONSTRAINT segue_country_as_text_3369d91a CHECK (NOT pg_catalog.record_image_ne(ROW(segue_country_as_text_de48c6ac), ROW(country::text))) NOT VALID,
  ADD CONSTRAINT segue_segue_login_as_text_c6c27dc7_not_null_6aab03eb CHECK (segue_login_as_text_c6c27dc7 IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_login_not_empty_c1f06044 CHECK ((segue_login_as_text_c6c27dc7)::text <> ''::text) NOT VALID;
COMMIT;
\endif

-- ── 3.6  Add segue_badges_login_fkey_ebcc0c2b to public.badges ──
-- why    as badges_login_fkey, over the new column; NOT VALID: binds new writes at once and reads
--        no row
-- locks  SHARE ROW EXCLUSIVE on public.badges, SHARE ROW EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.badges DROP CONSTRAINT IF EXISTS segue_badges_login_fkey_ebcc0c2b;
-- from   line 1: retype users.login -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.badges') AND conname = 'segue_badges_login_fkey_ebcc0c2b') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.badges
  ADD CONSTRAINT segue_badges_login_fkey_ebcc0c2b FOREIGN KEY (login) REFERENCES public.users (segue_login_as_text_c6c27dc7) ON UPDATE CASCADE NOT VALID;
COMMIT;
\endif

-- ── 3.7  Add segue_users_country_fkey_6dcd2120 to public.users ──
-- why    as users_country_fkey, over the new column; NOT VALID: binds new writes at once and reads
--        no row
-- locks  SHARE ROW EXCLUSIVE on public.users, SHARE ROW EXCLUSIVE on public.countries, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_users_country_fkey_6dcd2120;
-- from   line 1: retype users.login -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_users_country_fkey_6dcd2120') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT segue_users_country_fkey_6dcd2120 FOREIGN KEY (segue_country_as_text_de48c6ac) REFERENCES public.countries (code) ON DELETE SET NULL NOT VALID;
COMMIT;
\endif

-- ── 3.8  Validate public.users ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: retype users.login -> text
-- from   line 2: retype users.country -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_login_as_text_e60a2ced' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_country_as_text_3369d91a' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_segue_login_as_text_c6c27dc7_not_null_6aab03eb' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_login_not_empty_c1f06044' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  VALIDATE CONSTRAINT segue_login_as_text_e60a2ced,
  VALIDATE CONSTRAINT segue_country_as_text_3369d91a,
  VALIDATE CONSTRAINT segue_segue_login_as_text_c6c27dc7_not_null_6aab03eb,
  VALIDATE CONSTRAINT segue_login_not_empty_c1f06044;
COMMIT;
\endif

-- ── 3.9  Validate public.badges ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.badges, ROW SHARE on public.users
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: retype users.login -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.badges') AND conname = 'segue_badges_login_fkey_ebcc0c2b' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.badges
  VALIDATE CONSTRAINT segue_badges_login_fkey_ebcc0c2b;
COMMIT;
\endif

-- ── 3.10  Validate public.users ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.users, ROW SHARE on public.countries
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: retype users.login -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_users_country_fkey_6dcd2120' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  VALIDATE CONSTRAINT segue_users_country_fkey_6dcd2120;
COMMIT;
\endif

-- ── 3.11  Let policy own_country read the new column ──
-- why    old and new say the same by now: no row is shown or hidden that was not before
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER POLICY own_country ON public.users USING ((country)::text = 'DE'::text);
-- from   line 1: retype users.login -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND d.objid IN (SELECT oid FROM pg_catalog.pg_policy WHERE polrelid = pg_catalog.to_regclass('public.users') AND polname = 'own_country') AND d.refobjid = pg_catalog.to_regclass('public.users') AND a.attname = 'segue_country_as_text_de48c6ac') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER POLICY own_country ON public.users USING ((segue_country_as_text_de48c6ac)::text = 'DE'::text);
COMMIT;
\endif

-- ── 3.12  Keep statistics as public.users_stats ──
-- why    the planner of queries over the new column needs them as much; the next ANALYZE fills them
-- locks  SHARE UPDATE EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP STATISTICS IF EXISTS public.segue_users_stats_statistics_abc4aab8;
-- from   line 1: retype users.login -> text
SELECT EXISTS (SELECT FROM pg_catalog.pg_statistic_ext WHERE stxname = 'segue_users_stats_statistics_abc4aab8' AND stxnamespace = pg_catalog.to_regnamespace('public')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE STATISTICS public.segue_users_stats_statistics_abc4aab8 (dependencies) ON segue_login_as_text_c6c27dc7, segue_country_as_text_de48c6ac FROM public.users;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
