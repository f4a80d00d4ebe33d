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

SELECT segue.enter('input', '', 3, 'b946d21f308df4c7be4b4afa06471c527b4c7ff9189e304ab897a9aa019edb44') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for rows without public.halls.nr ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.halls
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 8: primary key halls(nr)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT name::text FROM public.halls WHERE nr IS NULL
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.halls have no nr'
      USING DETAIL = found, HINT = 'give them a value, or say `backfill …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Look for rows that break people_born_year_check ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.people
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 10: check people (born_year > 1900)
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.people WHERE (born_year > 1900) IS FALSE
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.people break people_born_year_check'
      USING DETAIL = found, HINT = 'mend them, or say `repair column = …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.3  Look for rows without a match under visits_person_id_fkey1 ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.visits, ACCESS SHARE on public.people
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 16: reference visits(person_id) -> people(id) deferrable initially deferred
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, person_id::text FROM public.visits WHERE visits.person_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.people AS segue_target WHERE segue_target.id = visits.person_id)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.visits reference nothing in public.people'
      USING DETAIL = found, HINT = 'mend them, or say `repair column = …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.4  Look for rows without a match under visits_day_hall_fkey ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.visits, ACCESS SHARE on public.days
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 17: reference visits(day, hall) -> days(day, hall) on update cascade
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, day::text, hall::text FROM public.visits WHERE visits.day IS NOT NULL AND visits.hall IS NOT NULL AND NOT EXISTS (SELECT FROM public.days AS segue_target WHERE segue_target.day = visits.day AND segue_target.hall = visits.hall)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.visits reference nothing in public.days'
      USING DETAIL = found, HINT = 'mend them, or say `repair column = …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.5  Add people_boss_id_fkey to public.people ──
-- why    people_boss_id_fkey binds every row from now on; NOT VALID: binds new writes at once and
--        reads no row
-- locks  SHARE ROW EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.people DROP CONSTRAINT IF EXISTS people_boss_id_fkey;
-- from   line 14: reference people(boss_id) -> people on delete set null
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'people_boss_id_fkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  ADD CONSTRAINT people_boss_id_fkey FOREIGN KEY (boss_id) REFERENCES public.people (id) ON DELETE SET NULL NOT VALID;
COMMIT;
\endif

-- ── 3.6  Add visits_fee_check to public.visits ──
-- why    visits_fee_check binds every row from now on; NOT VALID: binds new writes at once and
--        reads no row
-- locks  ACCESS EXCLUSIVE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS visits_fee_check;
-- from   line 11: check visits (fee >= 0)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'visits_fee_check') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits
  ADD CONSTRAINT visits_fee_check CHECK (fee >= 0) NOT VALID;
COMMIT;
\endif

-- ── 3.7  Keep what the fill overwrites in public.people ──
-- why    undo puts the old values back wherever the app has not written since
-- locks  ACCESS SHARE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TABLE IF EXISTS segue.segue_public_people_journal_73bf6ce4;
-- from   line 14: reference people(boss_id) -> people on delete set null
SELECT pg_catalog.to_regclass('segue.segue_public_people_journal_73bf6ce4') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE TABLE segue.segue_public_people_journal_73bf6ce4 AS
  SELECT id, boss_id AS old_1, boss_id AS new_1
    FROM public.people WITH NO DATA;
ALTER TABLE segue.segue_public_people_journal_73bf6ce4 ADD PRIMARY KEY (id);
COMMIT;
\endif

-- ── 3.8  Keep what the fill overwrites in public.visits ──
-- why    undo puts the old values back wherever the app has not written since
-- locks  ACCESS SHARE on public.visits, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TABLE IF EXISTS segue.segue_public_visits_journal_1315e03f;
-- from   line 11: check visits (fee >= 0)
SELECT pg_catalog.to_regclass('segue.segue_public_visits_journal_1315e03f') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE TABLE segue.segue_public_visits_journal_1315e03f AS
  SELECT id, fee AS old_1, fee AS new_1
    FROM public.visits WITH NO DATA;
ALTER TABLE segue.segue_public_visits_journal_1315e03f ADD PRIMARY KEY (id);
COMMIT;
\endif

-- ── 3.9  Fill public.people ──
-- why    in small batches, until people_boss_id_fkey finds its row on every row
-- locks  ROW EXCLUSIVE on public.people
-- scans  writes rows, in small transactions
-- undo   ALTER TABLE public.people DROP CONSTRAINT IF EXISTS people_boss_id_fkey;; then put back
--        what was overwritten in public.people
-- from   line 14: reference people(boss_id) -> people on delete set null
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
      SET LOCAL session_replication_role = replica;
WITH segue_before AS MATERIALIZED (
  SELECT ctid AS segue_tid, boss_id AS segue_old_1
    FROM ONLY public.people
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND (people.boss_id IS NOT NULL AND (people.id = people.boss_id) IS NOT TRUE AND NOT EXISTS (SELECT FROM public.people AS segue_target WHERE segue_target.id = people.boss_id))
     FOR NO KEY UPDATE
), segue_filled AS (
  UPDATE ONLY public.people
     SET boss_id = CASE WHEN people.boss_id IS NOT NULL AND (people.id = people.boss_id) IS NOT TRUE AND NOT EXISTS (SELECT FROM public.people AS segue_target WHERE segue_target.id = people.boss_id) THEN null ELSE people.boss_id END
    FROM segue_before
   WHERE people.ctid = segue_before.segue_tid
  RETURNING people.id, segue_before.segue_old_1, people.boss_id
)
INSERT INTO segue.segue_public_people_journal_73bf6ce4 SELECT * FROM segue_filled ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.10  Fill public.visits ──
-- why    in small batches, until visits_fee_check holds on every row
-- locks  ROW EXCLUSIVE on public.visits
-- scans  writes rows, in small transactions
-- undo   ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS visits_fee_check;; then put back what
--        was overwritten in public.visits
-- from   line 11: check visits (fee >= 0)
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.visits: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.visits'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
WITH segue_before AS MATERIALIZED (
  SELECT ctid AS segue_tid, fee AS segue_old_1
    FROM ONLY public.visits
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND ((fee >= 0) IS FALSE)
     FOR NO KEY UPDATE
), segue_filled AS (
  UPDATE ONLY public.visits
     SET fee = CASE WHEN (fee >= 0) IS FALSE THEN 0 ELSE fee END
    FROM segue_before
   WHERE visits.ctid = segue_before.segue_tid
  RETURNING visits.id, segue_before.segue_old_1, visits.fee
)
INSERT INTO segue.segue_public_visits_journal_1315e03f SELECT * FROM segue_filled ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.11  Look for duplicates under people_slug_key1 ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.people
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 5: unique people(slug)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.people_slug_key1') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT (slug)::text, count(*)::text FROM public.people WHERE (slug) IS NOT NULL GROUP BY (slug) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.people holds duplicates that people_slug_key1 does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.12  Look for duplicates under people_by_year ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.people
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 6: unique people(born_year, id) as people_by_year
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.people_by_year') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT (born_year)::text, (id)::text, count(*)::text FROM public.people WHERE (born_year) IS NOT NULL AND (id) IS NOT NULL GROUP BY (born_year), (id) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.people holds duplicates that people_by_year does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.13  Look for duplicates under halls_pkey ──
-- why    they are listed here, before an index build would fail on the first of them
-- locks  ACCESS SHARE on public.halls
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 8: primary key halls(nr)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.halls_pkey') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT (nr)::text, count(*)::text FROM public.halls WHERE (nr) IS NOT NULL GROUP BY (nr) HAVING count(*) > 1
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.halls holds duplicates that halls_pkey does not allow'
      USING DETAIL = found, HINT = 'make them differ, or remove them; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 3.14  Build public.days_hall_open_idx ──
-- why    the parent's index is only a name until every partition's is attached
-- locks  SHARE on public.days, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP INDEX IF EXISTS public.days_hall_open_idx; DROP INDEX IF EXISTS
--        public.days_new_hall_open_idx; DROP INDEX IF EXISTS public.days_old_hall_open_idx;
-- from   line 3: index days(hall) include (open)
SELECT pg_catalog.to_regclass('public.days_hall_open_idx') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE INDEX days_hall_open_idx ON ONLY public.days (hall) INCLUDE (open);
COMMIT;
\endif

-- ── 3.15  Build public.days_new_hall_open_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.days_new
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 3: index days(hall) include (open)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.days_new_hall_open_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.days_new_hall_open_idx;
CREATE INDEX CONCURRENTLY days_new_hall_open_idx ON public.days_new (hall) INCLUDE (open);
\endif

-- ── 3.16  Build public.days_old_hall_open_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.days_old
-- scans  reads the table twice, builds an index
-- undo   nothing to undo
-- from   line 3: index days(hall) include (open)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.days_old_hall_open_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.days_old_hall_open_idx;
CREATE INDEX CONCURRENTLY days_old_hall_open_idx ON public.days_old (hall) INCLUDE (open);
\endif

-- ── 3.17  Build public.halls_pkey ──
-- why    CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on
-- locks  SHARE UPDATE EXCLUSIVE on public.halls
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.halls_pkey;
-- from   line 8: primary key halls(nr)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.halls_pkey') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.halls_pkey;
CREATE UNIQUE INDEX CONCURRENTLY halls_pkey ON public.halls (nr);
\endif

-- ── 3.18  Build public.people_slug_key1 ──
-- why    CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.people_slug_key1;
-- from   line 5: unique people(slug)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.people_slug_key1') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.people_slug_key1;
CREATE UNIQUE INDEX CONCURRENTLY people_slug_key1 ON public.people (slug);
\endif

-- ── 3.19  Build public.people_by_year ──
-- why    CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.people_by_year;
-- from   line 6: unique people(born_year, id) as people_by_year
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.people_by_year') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.people_by_year;
CREATE UNIQUE INDEX CONCURRENTLY people_by_year ON public.people (born_year, id);
\endif

-- ── 3.20  Build public.people_lower_idx1 ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.people_lower_idx1;
-- from   line 1: index people((lower(name)))
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.people_lower_idx1') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.people_lower_idx1;
CREATE INDEX CONCURRENTLY people_lower_idx1 ON public.people ((lower(name)));
\endif

-- ── 3.21  Build public.people_expr_idx ──
-- why    CONCURRENTLY: reads and writes go on while it is built
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS public.people_expr_idx;
-- from   line 2: index people((data ->> 'k') desc) where (born_year > 1960)
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.people_expr_idx') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.people_expr_idx;
CREATE INDEX CONCURRENTLY people_expr_idx ON public.people ((data ->> 'k') DESC) WHERE (born_year > 1960);
\endif

-- ── 3.22  Attach public.days_new_hall_open_idx ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.days_new, ACCESS EXCLUSIVE on public.days_new_hall_open_idx, SHARE
--        UPDATE EXCLUSIVE on public.days_hall_open_idx, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 3: index days(hall) include (open)
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.days_new_hall_open_idx') AND inhparent = pg_catalog.to_regclass('public.days_hall_open_idx')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.days_hall_open_idx ATTACH PARTITION public.days_new_hall_open_idx;
COMMIT;
\endif

-- ── 3.23  Attach public.days_old_hall_open_idx ──
-- why    the parent's index is valid once all of them are attached
-- locks  ACCESS SHARE on public.days_old, ACCESS EXCLUSIVE on public.days_old_hall_open_idx, SHARE
--        UPDATE EXCLUSIVE on public.days_hall_open_idx, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   nothing to undo
-- from   line 3: index days(hall) include (open)
SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('public.days_old_hall_open_idx') AND inhparent = pg_catalog.to_regclass('public.days_hall_open_idx')) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER INDEX public.days_hall_open_idx ATTACH PARTITION public.days_old_hall_open_idx;
COMMIT;
\endif

-- ── 3.24  Add segue_nr_not_null_923109db to public.halls ──
-- why    nr may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.halls, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.halls DROP CONSTRAINT IF EXISTS segue_nr_not_null_923109db;
-- from   line 8: primary key halls(nr)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.halls') AND conname = 'segue_nr_not_null_923109db') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.halls
  ADD CONSTRAINT segue_nr_not_null_923109db CHECK (nr IS NOT NULL) NOT VALID;
COMMIT;
\endif

-- ── 3.25  Add people_born_year_check to public.people ──
-- why    people_born_year_check binds every row from now on; NOT VALID: binds new writes at once
--        and reads no row
-- locks  ACCESS EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.people DROP CONSTRAINT IF EXISTS people_born_year_check;
-- from   line 10: check people (born_year > 1900)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'people_born_year_check') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  ADD CONSTRAINT people_born_year_check CHECK (born_year > 1900) NOT VALID;
COMMIT;
\endif

-- ── 3.26  Add visits_person_id_fkey1 to public.visits ──
-- why    visits_person_id_fkey1 binds every row from now on; NOT VALID: binds new writes at once
--        and reads no row
-- locks  SHARE ROW EXCLUSIVE on public.visits, SHARE ROW EXCLUSIVE on public.people, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS visits_person_id_fkey1;
-- from   line 16: reference visits(person_id) -> people(id) deferrable initially deferred
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'visits_person_id_fkey1') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits
  ADD CONSTRAINT visits_person_id_fkey1 FOREIGN KEY (person_id) REFERENCES public.people (id) DEFERRABLE INITIALLY DEFERRED NOT VALID;
COMMIT;
\endif

-- ── 3.27  Add visits_day_hall_fkey to public.visits ──
-- why    visits_day_hall_fkey binds every row from now on; NOT VALID: binds new writes at once and
--        reads no row
-- locks  SHARE ROW EXCLUSIVE on public.visits, SHARE ROW EXCLUSIVE on public.days, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS visits_day_hall_fkey;
-- from   line 17: reference visits(day, hall) -> days(day, hall) on update cascade
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'visits_day_hall_fkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits
  ADD CONSTRAINT visits_day_hall_fkey FOREIGN KEY (day, hall) REFERENCES public.days (day, hall) ON UPDATE CASCADE NOT VALID;
COMMIT;
\endif

-- ── 3.28  Validate public.halls ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.halls
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 8: primary key halls(nr)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.halls') AND conname = 'segue_nr_not_null_923109db' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.halls
  VALIDATE CONSTRAINT segue_nr_not_null_923109db;
COMMIT;
\endif

-- ── 3.29  Validate public.people ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 10: check people (born_year > 1900)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'people_born_year_check' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  VALIDATE CONSTRAINT people_born_year_check;
COMMIT;
\endif

-- ── 3.30  Validate public.visits ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.visits
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 11: check visits (fee >= 0)
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'visits_fee_check' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits
  VALIDATE CONSTRAINT visits_fee_check;
COMMIT;
\endif

-- ── 3.31  Validate public.people ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.people
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 14: reference people(boss_id) -> people on delete set null
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.people') AND conname = 'people_boss_id_fkey' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.people
  VALIDATE CONSTRAINT people_boss_id_fkey;
COMMIT;
\endif

-- ── 3.32  Validate public.visits ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.visits, ROW SHARE on public.people
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 16: reference visits(person_id) -> people(id) deferrable initially deferred
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'visits_person_id_fkey1' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits
  VALIDATE CONSTRAINT visits_person_id_fkey1;
COMMIT;
\endif

-- ── 3.33  Validate public.visits ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.visits, ROW SHARE on public.days
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 17: reference visits(day, hall) -> days(day, hall) on update cascade
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.visits') AND conname = 'visits_day_hall_fkey' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.visits
  VALIDATE CONSTRAINT visits_day_hall_fkey;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
