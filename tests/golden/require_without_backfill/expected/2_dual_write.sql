-- input · phase 2 of 4: dual-write
--
-- when   after phase 1; before the release that writes what is new
-- apply  segue apply <this directory> --phase 2
--        or psql -v ON_ERROR_STOP=1 -f 2_dual_write.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

SELECT segue.enter('input', '', 2, '2e8f29a668be6eaf0610d145ac3a357b6a57cb54344738b2c051dabf0aa2d481') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Look for rows without public.users.country ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.users
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 1: require users.country
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text FROM public.users WHERE country IS NULL
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.users have no country'
      USING DETAIL = found, HINT = 'give them a value, or say `backfill …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 2.2  Add segue_country_not_null_44699ef7 to public.users ──
-- why    country may not be NULL any more; NOT VALID: binds new writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on public.users, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.users DROP CONSTRAINT IF EXISTS segue_country_not_null_44699ef7;
-- from   line 1: require users.country
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.users') AND conname = 'segue_country_not_null_44699ef7') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.users
  ADD CONSTRAINT segue_country_not_null_44699ef7 CHECK (country IS NOT NULL) NOT VALID;
COMMIT;
\endif

SELECT segue.leave('input', 2) AS "phase complete";
