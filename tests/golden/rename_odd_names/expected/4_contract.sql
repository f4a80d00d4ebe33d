-- odd_names · phase 4 of 4: contract
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
SELECT segue.require_release('odd_names', interval '0 seconds') AS segue_released \gset

SELECT segue.enter('odd_names', '', 4, '796d226f2fa800fccdca917d359eef423a45950271f3e41b06a54501f44ba83d') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 4.1  Contract "Größe"."Käufer & Co" ──
-- why    all at once, so that no release ever meets half of it; catalogue changes only, over in
--        milliseconds once the lock is there
-- locks  ACCESS EXCLUSIVE on "Größe"."Käufer & Co", for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   none: forward fix, as a new change
-- from   line 3: rename "Größe"."Käufer & Co"."order" -> "Bestellung № 1"
-- from   line 4: rename "Größe"."Käufer & Co"."it's" -> "select"
-- from   line 5: rename "Größe"."Käufer &
--        Co".an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i ->
--        bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i
-- from   line 6: rename "Größe"."Käufer & Co".segue_lower -> segue_fill
-- from   line 7: rename "Größe"."Käufer & Co".tag -> "$segue$ 'n'"
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND attname = 'order' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND attname = 'it''s' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND attname = 'an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND attname = 'segue_lower' AND NOT attisdropped)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND attname = 'tag' AND NOT attisdropped)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND attname = 'Bestellung № 1' AND NOT attisdropped AND attnotnull)
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND attname = 'segue_fill' AND NOT attisdropped AND attnotnull)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_bestellung_№_1_not_null_71bcc181')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_segue_fill_not_null_eac835d2')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_käufer_co_it_s_check_4d93c5c0') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
LOCK TABLE "Größe"."Käufer & Co" IN ACCESS EXCLUSIVE MODE;
-- old = new, by PostgreSQL's own proof
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_bestellung_№_1_is_order_18466f31' AND convalidated) THEN
    RAISE EXCEPTION '%', '"Größe"."Käufer & Co": it is not proven that "Bestellung № 1" is "order"'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_select_is_it_s_2e413f30' AND convalidated) THEN
    RAISE EXCEPTION '%', '"Größe"."Käufer & Co": it is not proven that "select" is "it''s"'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_bn_exceedingly_long_column_name_that_has_sixty_t_2e7148e2' AND convalidated) THEN
    RAISE EXCEPTION '%', '"Größe"."Käufer & Co": it is not proven that bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i is an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $segue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_segue_fill_is_segue_lower_0992b4b3' AND convalidated) THEN
    RAISE EXCEPTION '%', '"Größe"."Käufer & Co": it is not proven that segue_fill is segue_lower'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$segue$;
DO $xsegue$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_segue_n_is_tag_a07af25e' AND convalidated) THEN
    RAISE EXCEPTION '%', '"Größe"."Käufer & Co": it is not proven that "$segue$ ''n''" is tag'
      USING HINT = 'Apply phase 3 again.';
  END IF;
END
$xsegue$;
-- the old release is gone: nothing to keep in step
DROP TRIGGER IF EXISTS "zz_segue_sync_segue_größe_käufer_co__b8116d00" ON "Größe"."Käufer & Co";
DROP FUNCTION IF EXISTS segue."segue_größe_käufer_co_sync_7258185b"();
DROP TRIGGER IF EXISTS "zz_segue_null_segue_größe_käufer_co_bestellung_№_1_null_97" ON "Größe"."Käufer & Co";
DROP FUNCTION IF EXISTS segue."segue_größe_käufer_co_bestellung_№_1_null_functio_e1b2aae1"();
DROP TRIGGER IF EXISTS "zz_segue_null_segue_größe_käufer_co_select_null_e49dafc7" ON "Größe"."Käufer & Co";
DROP FUNCTION IF EXISTS segue."segue_größe_käufer_co_select_null_function_7c9b4529"();
DROP TRIGGER IF EXISTS "zz_segue_null_segue_größe_käufer_co_bn_exceedingly_long_colu" ON "Größe"."Käufer & Co";
DROP FUNCTION IF EXISTS segue."segue_größe_käufer_co_bn_exceedingly_long_column_na_1ddc9857"();
DROP TRIGGER IF EXISTS "zz_segue_null_segue_größe_käufer_co_segue_fill_null_97c61dfc" ON "Größe"."Käufer & Co";
DROP FUNCTION IF EXISTS segue."segue_größe_käufer_co_segue_fill_null_function_7c3fa1dc"();
DROP TRIGGER IF EXISTS "zz_segue_null_segue_größe_käufer_co_segue_n_null_a2ce2f8a" ON "Größe"."Käufer & Co";
DROP FUNCTION IF EXISTS segue."segue_größe_käufer_co_segue_n_null_function_4f4e23f2"();
ALTER TABLE "Größe"."Käufer & Co" DROP CONSTRAINT IF EXISTS "segue_bestellung_№_1_is_order_18466f31";
ALTER TABLE "Größe"."Käufer & Co" DROP CONSTRAINT IF EXISTS segue_select_is_it_s_2e413f30;
ALTER TABLE "Größe"."Käufer & Co" DROP CONSTRAINT IF EXISTS segue_bn_exceedingly_long_column_name_that_has_sixty_t_2e7148e2;
ALTER TABLE "Größe"."Käufer & Co" DROP CONSTRAINT IF EXISTS segue_segue_fill_is_segue_lower_0992b4b3;
ALTER TABLE "Größe"."Käufer & Co" DROP CONSTRAINT IF EXISTS segue_segue_n_is_tag_a07af25e;
ALTER TABLE "Größe"."Käufer & Co" DROP CONSTRAINT IF EXISTS "Käufer & Co_it's_check";
-- RESTRICT: refuses rather than take anything along
ALTER TABLE "Größe"."Käufer & Co" DROP COLUMN IF EXISTS "order" RESTRICT;
ALTER TABLE "Größe"."Käufer & Co" DROP COLUMN IF EXISTS "it's" RESTRICT;
ALTER TABLE "Größe"."Käufer & Co" DROP COLUMN IF EXISTS an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i RESTRICT;
ALTER TABLE "Größe"."Käufer & Co" DROP COLUMN IF EXISTS segue_lower RESTRICT;
ALTER TABLE "Größe"."Käufer & Co" DROP COLUMN IF EXISTS tag RESTRICT;
-- proven by the validated CHECK: no scan
ALTER TABLE "Größe"."Käufer & Co" ALTER COLUMN "Bestellung № 1" SET NOT NULL;
ALTER TABLE "Größe"."Käufer & Co" ALTER COLUMN segue_fill SET NOT NULL;
ALTER TABLE "Größe"."Käufer & Co" DROP CONSTRAINT IF EXISTS "segue_bestellung_№_1_not_null_71bcc181";
ALTER TABLE "Größe"."Käufer & Co" DROP CONSTRAINT IF EXISTS segue_segue_fill_not_null_eac835d2;
-- the default comes when the old column is gone: earlier it would win over an old INSERT's value
ALTER TABLE "Größe"."Käufer & Co" ALTER COLUMN "Bestellung № 1" SET DEFAULT 'a "quoted" one'::text;
-- names and constraints go over to the new indexes
DROP INDEX IF EXISTS "Größe"."Index mit Leerzeichen";
ALTER INDEX "Größe".segue_index_mit_leerzeichen_156f2f41 RENAME TO "Index mit Leerzeichen";
DROP INDEX IF EXISTS "Größe".an_exceedingly_long_index__name_that_has_sixty_three_bytes_in_i;
ALTER INDEX "Größe".segue_an_exceedingly_long_index_name_that_has_sixty_th_3b969ef1 RENAME TO an_exceedingly_long_index__name_that_has_sixty_three_bytes_in_i;
ALTER TABLE "Größe"."Käufer & Co" RENAME CONSTRAINT "segue_käufer_co_it_s_check_4d93c5c0" TO "Käufer & Co_it's_check";
COMMIT;
\endif

SELECT segue.leave('odd_names', 4) AS "phase complete";
