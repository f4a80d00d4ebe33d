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

SELECT segue.enter('input', '', 3, '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  The author's SQL, from line 11 ──
-- why    the author asked for it; it is run again whenever the phase is
-- locks  none
-- scans  writes rows, in small transactions
-- undo   delete from slugs;
-- from   line 11: sql backfill $$
BEGIN;
SET LOCAL lock_timeout = '200ms';
insert into slugs select id, slug(title) from articles where title is not null on conflict do nothing;
COMMIT;

-- ── 3.2  The author's SQL, from line 16 ──
-- why    the author asked for it; it is run again whenever the phase is
-- locks  none
-- scans  reads the table twice, builds an index
-- undo   drop index concurrently if exists articles_title;
-- from   line 16: sql backfill $$create index concurrently if not exists articles_title on articles
--        (title)$$
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('public.articles_title') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS public.articles_title;
create index concurrently if not exists articles_title on articles (title);
\endif

SELECT segue.leave('input', 3) AS "phase complete";
