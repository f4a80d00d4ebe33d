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

SELECT segue.enter('input', '', 4, '2a02ee95429456d9617970e80a70d562d0f86645018496fa33fe5947212b4029') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.shops ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.regions, ACCESS EXCLUSIVE on public.shops, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 2: drop constraint shops.shops_region_id_fkey
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.shops') AND conname = 'shops_region_id_fkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE public.regions, public.shops IN ACCESS EXCLUSIVE MODE;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_shops_f327cc8d ON public.shops;
DROP FUNCTION IF EXISTS segue.segue_public_shops_sync_f69f6eb0();
-- the foreign key's triggers are on both tables: both are locked
ALTER TABLE public.shops DROP CONSTRAINT IF EXISTS shops_region_id_fkey RESTRICT;
COMMIT;
\endif

-- ── 4.2  Look for what still needs public.regions ──
-- why    nothing is taken along: what came to hang on the table since the plan was made stops the
--        phase here
-- locks  none
-- scans  the catalogue only, whatever the table's size
-- undo   nothing: it only reads
-- from   line 1: drop table regions
SELECT pg_catalog.to_regclass('public.regions') IS NULL AS segue_done \gset
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
SELECT 'foreign key ' || conname || ' of ' || conrelid::pg_catalog.regclass::text
  FROM pg_catalog.pg_constraint WHERE contype = 'f' AND confrelid = pg_catalog.to_regclass('public.regions')
   AND conrelid NOT IN (SELECT pg_catalog.to_regclass(n) FROM pg_catalog.unnest(ARRAY['public.regions']) AS n WHERE pg_catalog.to_regclass(n) IS NOT NULL)
UNION SELECT 'view ' || r.ev_class::pg_catalog.regclass::text
  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
 WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.refobjid = pg_catalog.to_regclass('public.regions') AND r.ev_class <> pg_catalog.to_regclass('public.regions')
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'public.regions is still needed'
      USING DETAIL = found, HINT = 'make them do without it; then run the phase again';
  END IF;
END
$segue_check$;
\endif

-- ── 4.3  Let public.regions step aside ──
-- why    a catalogue change: whoever still asks for it is told at once, while its rows are still
--        there, and nobody waits behind the drop
-- locks  ACCESS EXCLUSIVE on public.regions, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   before the drop below: rename it back by hand
-- from   line 1: drop table regions
SELECT pg_catalog.to_regclass('public.regions') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.regions RENAME TO segue_regions_dropped_4e6f9a7e;
COMMIT;
\endif

-- ── 4.4  Drop public.segue_regions_dropped_4e6f9a7e, which was public.regions ──
-- why    RESTRICT: refuses rather than take anything along
-- locks  ACCESS EXCLUSIVE on public.segue_regions_dropped_4e6f9a7e, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: drop table regions
SELECT pg_catalog.to_regclass('public.segue_regions_dropped_4e6f9a7e') IS NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
DROP TABLE IF EXISTS public.segue_regions_dropped_4e6f9a7e RESTRICT;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
