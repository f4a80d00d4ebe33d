-- odd_names · phase 3 of 4: backfill
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

SELECT segue.enter('odd_names', '', 3, '796d226f2fa800fccdca917d359eef423a45950271f3e41b06a54501f44ba83d') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Fill "Größe"."Käufer & Co" ──
-- why    in small batches, until "Bestellung № 1" is "order" and "select" is "it's" and
--        bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i is
--        an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i and segue_fill is
--        segue_lower and "$segue$ 'n'" is tag on every row
-- locks  ROW EXCLUSIVE on "Größe"."Käufer & Co"
-- scans  writes rows, in small transactions
-- undo   nothing: what was filled goes with its column
-- from   line 3: rename "Größe"."Käufer & Co"."order" -> "Bestellung № 1"
-- from   line 4: rename "Größe"."Käufer & Co"."it's" -> "select"
-- from   line 5: rename "Größe"."Käufer &
--        Co".an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i ->
--        bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i
-- from   line 6: rename "Größe"."Käufer & Co".segue_lower -> segue_fill
-- from   line 7: rename "Größe"."Käufer & Co".tag -> "$segue$ 'n'"
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill_>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- "Größe"."Käufer & Co": block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('"Größe"."Käufer & Co"'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
UPDATE ONLY "Größe"."Käufer & Co"
   SET "Bestellung № 1" = "order", "select" = "it's", bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i = an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i, segue_fill = segue_lower, "$segue$ 'n'" = tag
 WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill_.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill_.segue_lower + 128)::tid
   AND ("Bestellung № 1" IS DISTINCT FROM "order"
     OR "select" IS DISTINCT FROM "it's"
     OR bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i IS DISTINCT FROM an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i
     OR segue_fill IS DISTINCT FROM segue_lower
     OR "$segue$ 'n'" IS DISTINCT FROM tag);
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.2  Build "Größe".segue_index_mit_leerzeichen_156f2f41 ──
-- why    as "Index mit Leerzeichen", over the new column; CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on "Größe"."Käufer & Co"
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS "Größe".segue_index_mit_leerzeichen_156f2f41;
-- from   line 3: rename "Größe"."Käufer & Co"."order" -> "Bestellung № 1"
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('"Größe".segue_index_mit_leerzeichen_156f2f41') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS "Größe".segue_index_mit_leerzeichen_156f2f41;
CREATE UNIQUE INDEX CONCURRENTLY segue_index_mit_leerzeichen_156f2f41 ON "Größe"."Käufer & Co" ("Bestellung № 1", "select");
\endif

-- ── 3.3  Build "Größe".segue_an_exceedingly_long_index_name_that_has_sixty_th_3b969ef1 ──
-- why    as an_exceedingly_long_index__name_that_has_sixty_three_bytes_in_i, over the new column;
--        CONCURRENTLY: reads and writes go on
-- locks  SHARE UPDATE EXCLUSIVE on "Größe"."Käufer & Co"
-- scans  reads the table twice, builds an index
-- undo   DROP INDEX CONCURRENTLY IF EXISTS
--        "Größe".segue_an_exceedingly_long_index_name_that_has_sixty_th_3b969ef1;
-- from   line 3: rename "Größe"."Käufer & Co"."order" -> "Bestellung № 1"
SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass('"Größe".segue_an_exceedingly_long_index_name_that_has_sixty_th_3b969ef1') AND indisvalid) AS segue_done \gset
\if :segue_done
\else
-- what an earlier build left behind when it failed
DROP INDEX CONCURRENTLY IF EXISTS "Größe".segue_an_exceedingly_long_index_name_that_has_sixty_th_3b969ef1;
CREATE INDEX CONCURRENTLY segue_an_exceedingly_long_index_name_that_has_sixty_th_3b969ef1 ON "Größe"."Käufer & Co" ((lower(bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i)));
\endif

-- ── 3.4  Add 8 constraints to "Größe"."Käufer & Co" ──
-- why    that "Bestellung № 1" is "order" is proven, and stays so; that "select" is "it's" is
--        proven, and stays so; that bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i
--        is an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i is proven, and stays
--        so; that segue_fill is segue_lower is proven, and stays so; that "$segue$ 'n'" is tag is
--        proven, and stays so; "Bestellung № 1" may not be NULL any more; segue_fill may not be
--        NULL any more; as "Käufer & Co_it's_check", over the new column; NOT VALID: binds new
--        writes at once and reads no row
-- locks  ACCESS EXCLUSIVE on "Größe"."Käufer & Co", for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE "Größe"."Käufer & Co" DROP CONSTRAINT IF EXISTS
--        "segue_bestellung_№_1_is_order_18466f31"; …
-- from   line 3: rename "Größe"."Käufer & Co"."order" -> "Bestellung № 1"
-- from   line 4: rename "Größe"."Käufer & Co"."it's" -> "select"
-- from   line 5: rename "Größe"."Käufer &
--        Co".an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i ->
--        bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i
-- from   line 6: rename "Größe"."Käufer & Co".segue_lower -> segue_fill
-- from   line 7: rename "Größe"."Käufer & Co".tag -> "$segue$ 'n'"
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_bestellung_№_1_is_order_18466f31')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_select_is_it_s_2e413f30')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_bn_exceedingly_long_column_name_that_has_sixty_t_2e7148e2')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_segue_fill_is_segue_lower_0992b4b3')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_segue_n_is_tag_a07af25e')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_bestellung_№_1_not_null_71bcc181')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_segue_fill_not_null_eac835d2')
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_käufer_co_it_s_check_4d93c5c0') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE "Größe"."Käufer & Co"
  ADD CONSTRAINT "segue_bestellung_№_1_is_order_18466f31" CHECK (NOT pg_catalog.record_image_ne(ROW("order"), ROW("Bestellung № 1"))) NOT VALID,
  ADD CONSTRAINT segue_select_is_it_s_2e413f30 CHECK (NOT pg_catalog.record_image_ne(ROW("it's"), ROW("select"))) NOT VALID,
  ADD CONSTRAINT segue_bn_exceedingly_long_column_name_that_has_sixty_t_2e7148e2 CHECK (NOT pg_catalog.record_image_ne(ROW(an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i), ROW(bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i))) NOT VALID,
  ADD CONSTRAINT segue_segue_fill_is_segue_lower_0992b4b3 CHECK (NOT pg_catalog.record_image_ne(ROW(segue_lower), ROW(segue_fill))) NOT VALID,
  ADD CONSTRAINT segue_segue_n_is_tag_a07af25e CHECK (NOT pg_catalog.record_image_ne(ROW(tag), ROW("$segue$ 'n'"))) NOT VALID,
  ADD CONSTRAINT "segue_bestellung_№_1_not_null_71bcc181" CHECK ("Bestellung № 1" IS NOT NULL) NOT VALID,
  ADD CONSTRAINT segue_segue_fill_not_null_eac835d2 CHECK (segue_fill IS NOT NULL) NOT VALID,
  ADD CONSTRAINT "segue_käufer_co_it_s_check_4d93c5c0" CHECK ("select" > 0) NOT VALID;
COMMIT;
\endif

-- ── 3.5  Validate "Größe"."Käufer & Co" ──
-- why    one scan for all of them, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on "Größe"."Käufer & Co"
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: rename "Größe"."Käufer & Co"."order" -> "Bestellung № 1"
-- from   line 4: rename "Größe"."Käufer & Co"."it's" -> "select"
-- from   line 5: rename "Größe"."Käufer &
--        Co".an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i ->
--        bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i
-- from   line 6: rename "Größe"."Käufer & Co".segue_lower -> segue_fill
-- from   line 7: rename "Größe"."Käufer & Co".tag -> "$segue$ 'n'"
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_bestellung_№_1_is_order_18466f31' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_select_is_it_s_2e413f30' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_bn_exceedingly_long_column_name_that_has_sixty_t_2e7148e2' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_segue_fill_is_segue_lower_0992b4b3' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_segue_n_is_tag_a07af25e' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_bestellung_№_1_not_null_71bcc181' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_segue_fill_not_null_eac835d2' AND convalidated)
   AND EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND conname = 'segue_käufer_co_it_s_check_4d93c5c0' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE "Größe"."Käufer & Co"
  VALIDATE CONSTRAINT "segue_bestellung_№_1_is_order_18466f31",
  VALIDATE CONSTRAINT segue_select_is_it_s_2e413f30,
  VALIDATE CONSTRAINT segue_bn_exceedingly_long_column_name_that_has_sixty_t_2e7148e2,
  VALIDATE CONSTRAINT segue_segue_fill_is_segue_lower_0992b4b3,
  VALIDATE CONSTRAINT segue_segue_n_is_tag_a07af25e,
  VALIDATE CONSTRAINT "segue_bestellung_№_1_not_null_71bcc181",
  VALIDATE CONSTRAINT segue_segue_fill_not_null_eac835d2,
  VALIDATE CONSTRAINT "segue_käufer_co_it_s_check_4d93c5c0";
COMMIT;
\endif

SELECT segue.leave('odd_names', 3) AS "phase complete";
