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

SELECT segue.enter('input', '', 3, 'dfca8cd1d3ee5906ef4da5b80b6cd2fb123b96390b90697ed789577bec692143') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.members ──
-- why    in small batches, until nickname is nick on every row
-- locks  ROW EXCLUSIVE on public.members
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename members.nick -> nickname
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
   SET nickname = nick
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
   AND (nickname IS DISTINCT FROM nick);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Add segue_nickname_is_nick_ca326aca to public.members ──
-- why    that nickname is nick is proven, and stays so; NOT VALID: binds new writes at once and
--        reads no row
-- locks  ACCESS EXCLUSIVE on public.members, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.members DROP CONSTRAINT IF EXISTS segue_nickname_is_nick_ca326aca;
-- from   line 1: rename members.nick -> nickname
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.members') AND conname = 'segue_nickname_is_nick_ca326aca') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.members
  ADD CONSTRAINT segue_nickname_is_nick_ca326aca CHECK (NOT pg_catalog.record_image_ne(ROW(nick), ROW(nickname))) NOT VALID;
COMMIT;
\endif

-- ── 3.3  Validate public.members ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.members
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename members.nick -> nickname
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.members') AND conname = 'segue_nickname_is_nick_ca326aca' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.members
  VALIDATE CONSTRAINT segue_nickname_is_nick_ca326aca;
COMMIT;
\endif

-- ── 3.4  Let public.member_names read the new column ──
-- why    same output, same names; both releases read it all the while
-- locks  ACCESS SHARE on public.members, ACCESS EXCLUSIVE on public.member_names, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   CREATE OR REPLACE VIEW public.member_names (id, nick, loud) AS SELECT members.id,
--        members.nick, upper(members.nick) AS loud FROM public.members;
-- from   line 1: rename members.nick -> nickname
SELECT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid IN (SELECT oid FROM pg_catalog.pg_rewrite WHERE ev_class = pg_catalog.to_regclass('public.member_names')) AND d.refobjid = pg_catalog.to_regclass('public.members') AND a.attname = 'nickname') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE VIEW public.member_names (id, nick, loud) AS
 SELECT members.id,
    members.nickname AS nick,
    upper(members.nickname) AS loud
   FROM public.members;
COMMIT;
\endif

-- ── 3.5  Let public.old_members read the new column ──
-- why    same output, same names; both releases read it all the while
-- locks  ACCESS SHARE on public.members, ACCESS EXCLUSIVE on public.old_members, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   CREATE OR REPLACE VIEW public.old_members (id, nick) WITH (security_barrier=true) AS
--        SELECT m.id, m.nick FROM public.members m WHERE ((m.joined < '2020-01-01'::date) AND
--        (m.nick <> 'nick'::text));
-- from   line 1: rename members.nick -> nickname
SELECT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid IN (SELECT oid FROM pg_catalog.pg_rewrite WHERE ev_class = pg_catalog.to_regclass('public.old_members')) AND d.refobjid = pg_catalog.to_regclass('public.members') AND a.attname = 'nickname') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE VIEW public.old_members (id, nick) WITH (security_barrier=true) AS
 SELECT m.id,
    m.nickname AS nick
   FROM public.members m
  WHERE ((m.joined < '2020-01-01'::date) AND (m.nickname <> 'nick'::text));
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
