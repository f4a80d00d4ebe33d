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

SELECT segue.enter('input', '', 3, '1bf3e3813234020348ab2e51a1902a8675b819fbc6de7af5431d398b5229bdc7') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill public.people ──
-- why    in small batches, until nickname is nick on every row
-- locks  ROW EXCLUSIVE on public.people
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 1: rename people.nick -> nickname
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

-- ── 3.2  Add segue_nickname_is_nick_ca326aca to public.people ──
-- why    that nickname is nick is proven, and stays so; NOT VALID: binds new writes at once and
--        reads no row
-- locks  ACCESS EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.people DROP CONSTRAINT IF EXISTS segue_nickname_is_nick_ca326aca;
-- from   line 1: rename people.nick -> nickname
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_nickname_is_nick_ca326aca') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  ADD CONSTRAINT segue_nickname_is_nick_ca326aca CHECK (NOT pg_catalog.record_image_ne(ROW(nick), ROW(nickname))) NOT VALID;
COMMIT;
\endif

-- ── 3.3  Validate public.people ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: rename people.nick -> nickname
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'segue_nickname_is_nick_ca326aca' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  VALIDATE CONSTRAINT segue_nickname_is_nick_ca326aca;
COMMIT;
\endif

-- ── 3.4  The author's SQL, from line 4 ──
-- why    the author asked for it; it is run again whenever the phase is
-- locks  none
-- scans  writes rows, in small transactions
-- undo   drop materialized view if exists nicks; create materialized view nicks as select id, nick
--        from people;
-- from   line 4: sql backfill $$
BEGIN;
SET LOCAL lock_timeout = '200ms';
drop materialized view if exists nicks;
  create materialized view nicks as select id, nickname as nick from people;
COMMIT;

SELECT segue.leave('input', 3) AS "phase complete";
