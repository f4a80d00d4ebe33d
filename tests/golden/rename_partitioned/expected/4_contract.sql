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

SELECT segue.enter('input', '', 4, '3be9a8c43692eaf9246e9644df80c011375d84fcf2916d07d3f77fb7001134fa') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract public.metrics ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on public.metrics, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 1: rename metrics.value -> reading
-- from   line 2: rename metrics.label -> tag
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.metrics') AND attname = 'value' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.metrics') AND attname = 'label' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('public.metrics') AND attname = 'reading' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.metrics') AND conname = 'segue_reading_not_null_3d808285')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.metrics') AND conname = 'segue_metrics_value_check_cbb70715') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '133ms';
LOCK TABLE public.metrics IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.metrics') AND conname = 'segue_reading_is_value_59088c40' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.metrics: it is not proven that reading is value'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.metrics') AND conname = 'segue_tag_is_label_28a0f1cb' AND convalidated) THEN
    RAISE EXCEPTION '%', 'public.metrics: it is not proven that tag is label'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS zz_segue_sync_segue_public_metrics_6dccf115 ON public.metrics;
DROP FUNCTION IF EXISTS segue.segue_public_metrics_sync_5b629148();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_metrics_reading_null_f53f20bc ON public.metrics;
DROP FUNCTION IF EXISTS segue.segue_public_metrics_reading_null_function_fd0fe41c();
DROP TRIGGER IF EXISTS zz_segue_null_segue_public_metrics_tag_null_58184eb4 ON public.metrics;
DROP FUNCTION IF EXISTS segue.segue_public_metrics_tag_null_function_1c627804();
ALTER TABLE public.metrics DROP CONSTRAINT IF EXISTS segue_reading_is_value_59088c40;
ALTER TABLE public.metrics DROP CONSTRAINT IF EXISTS segue_tag_is_label_28a0f1cb;
ALTER TABLE public.metrics DROP CONSTRAINT IF EXISTS metrics_value_check;
-- RESTRICT: refuses rather than take anything along
ALTER TABLE public.metrics DROP COLUMN IF EXISTS value RESTRICT;
ALTER TABLE public.metrics DROP COLUMN IF EXISTS label RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE public.metrics ALTER COLUMN reading SET NOT NULL;
ALTER TABLE public.metrics DROP CONSTRAINT IF EXISTS segue_reading_not_null_3d808285;
-- the default comes when the old column is gone: earlier it would win over an old INSERT's value
ALTER TABLE public.metrics ALTER COLUMN tag SET DEFAULT 'none'::text;
ALTER INDEX public.segue_metrics_2023_metrics_label_idx_b036ee2c RENAME TO metrics_2023_lower_idx;
ALTER INDEX public.segue_metrics_2024_metrics_label_idx_f10a5189 RENAME TO metrics_2024_lower_idx;
ALTER INDEX public.segue_metrics_rest_metrics_label_idx_903cd6f7 RENAME TO metrics_rest_lower_idx;
ALTER INDEX public.segue_metrics_2024_0_metrics_label_idx_32ed6206 RENAME TO metrics_2024_0_lower_idx;
ALTER INDEX public.segue_metrics_2024_1_metrics_label_idx_49559901 RENAME TO metrics_2024_1_lower_idx;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.metrics_label_idx;
ALTER INDEX public.segue_metrics_label_idx_92dbf445 RENAME TO metrics_label_idx;
ALTER INDEX public.segue_metrics_2023_metrics_value_idx_e6563b47 RENAME TO metrics_2023_value_at_idx;
ALTER INDEX public.segue_metrics_2024_metrics_value_idx_6391453e RENAME TO metrics_2024_value_at_idx;
ALTER INDEX public.segue_metrics_rest_metrics_value_idx_d78c7194 RENAME TO metrics_rest_value_at_idx;
ALTER INDEX public.segue_metrics_2024_0_metrics_value_idx_3f0fbf89 RENAME TO metrics_2024_0_value_at_idx;
ALTER INDEX public.segue_metrics_2024_1_metrics_value_idx_bd289446 RENAME TO metrics_2024_1_value_at_idx;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS public.metrics_value_idx;
ALTER INDEX public.segue_metrics_value_idx_53f0aa72 RENAME TO metrics_value_idx;
ALTER TABLE public.metrics RENAME CONSTRAINT segue_metrics_value_check_cbb70715 TO metrics_value_check;
ALTER INDEX public.metrics_label_idx ALTER COLUMN 1 SET STATISTICS 60;
ALTER INDEX public.metrics_2023_lower_idx ALTER COLUMN 1 SET STATISTICS 50;
COMMENT ON INDEX public.metrics_2023_lower_idx IS 'of a year that is over';
ALTER INDEX public.metrics_2024_1_lower_idx ALTER COLUMN 1 SET STATISTICS -1;
COMMIT;
\endif

SELECT segue.leave('input', 4) AS "phase complete";
