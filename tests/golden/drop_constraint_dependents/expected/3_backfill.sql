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

SELECT segue.enter('input', '', 3, 'bb3d14c21b254be3309b3a6a96a88637854b855186decb2a6f085b0494f3f7a1') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.teams ──
-- why    in small batches, until name is title on every row
-- locks  ROW EXCLUSIVE on public.teams
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 5: rename teams.title -> name
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.teams: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.teams'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY public.teams
   SET name = title
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (name IS DISTINCT FROM title);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Add segue_name_is_title_78c750a8 to public.teams ──
-- why    that name is title is proven, and stays so; NOT VALID: binds new writes at once and reads
--        no row
-- locks  ACCESS EXCLUSIVE on public.teams, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.teams DROP CONSTRAINT IF EXISTS segue_name_is_title_78c750a8;
-- from   line 5: rename teams.title -> name
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'segue_name_is_title_78c750a8') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.teams
  ADD CONSTRAINT segue_name_is_title_78c750a8 CHECK (NOT pg_catalog.record_image_ne(ROW(title), ROW(name))) NOT VALID;
COMMIT;
\endif

-- ── 3.3  Validate public.teams ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.teams
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 5: rename teams.title -> name
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.teams') AND conname = 'segue_name_is_title_78c750a8' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.teams
  VALIDATE CONSTRAINT segue_name_is_title_78c750a8;
COMMIT;
\endif

-- ── 3.4  Let public.team_titles read the new column ──
-- why    same output, same names; both releases read it all the while
-- locks  ACCESS SHARE on public.teams, ACCESS EXCLUSIVE on public.team_titles, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   CREATE OR REPLACE VIEW public.team_titles (code, title) AS SELECT teams.code, teams.title
--        FROM public.teams;
-- from   line 5: rename teams.title -> name
SELECT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid IN (SELECT oid FROM pg_catalog.pg_rewrite WHERE ev_class = pg_catalog.to_regclass('public.team_titles')) AND d.refobjid = pg_catalog.to_regclass('public.teams') AND a.attname = 'name') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE VIEW public.team_titles (code, title) AS
 SELECT teams.code,
    teams.name AS title
   FROM public.teams;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
