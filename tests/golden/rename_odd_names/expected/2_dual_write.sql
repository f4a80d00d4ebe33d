-- odd_names · phase 2 of 4: dual-write
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

SELECT segue.enter('odd_names', '', 2, '796d226f2fa800fccdca917d359eef423a45950271f3e41b06a54501f44ba83d') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 2.1  Dual-write on "Größe"."Käufer & Co" ──
-- why    every write of either release keeps old and new in step; waits for writers in flight, so a
--        backfill behind it misses none
-- locks  SHARE ROW EXCLUSIVE on "Größe"."Käufer & Co", for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TRIGGER IF EXISTS "zz_segue_sync_segue_größe_käufer_co__b8116d00" ON
--        "Größe"."Käufer & Co"; …
-- from   line 3: rename "Größe"."Käufer & Co"."order" -> "Bestellung № 1"
-- from   line 4: rename "Größe"."Käufer & Co"."it's" -> "select"
-- from   line 5: rename "Größe"."Käufer &
--        Co".an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i ->
--        bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i
-- from   line 6: rename "Größe"."Käufer & Co".segue_lower -> segue_fill
-- from   line 7: rename "Größe"."Käufer & Co".tag -> "$segue$ 'n'"
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_catalog.to_regclass('"Größe"."Käufer & Co"') AND tgname = 'zz_segue_sync_segue_größe_käufer_co__b8116d00' AND tgenabled = 'A') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE OR REPLACE FUNCTION segue."segue_größe_käufer_co_bestellung_№_1_null_functio_e1b2aae1"() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW."order" := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('"Größe"."Käufer & Co"', 'zz_segue_null_segue_größe_käufer_co_bestellung_№_1_null_97');
CREATE TRIGGER "zz_segue_null_segue_größe_käufer_co_bestellung_№_1_null_97" BEFORE UPDATE OF "Bestellung № 1" ON "Größe"."Käufer & Co"
  FOR EACH ROW WHEN (NEW."Bestellung № 1" IS NULL AND OLD."Bestellung № 1" IS NULL AND NEW."order" IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD."order"), ROW(NEW."order")))
  EXECUTE FUNCTION segue."segue_größe_käufer_co_bestellung_№_1_null_functio_e1b2aae1"();
ALTER TABLE "Größe"."Käufer & Co" ENABLE ALWAYS TRIGGER "zz_segue_null_segue_größe_käufer_co_bestellung_№_1_null_97";
CREATE OR REPLACE FUNCTION segue."segue_größe_käufer_co_select_null_function_7c9b4529"() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW."it's" := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('"Größe"."Käufer & Co"', 'zz_segue_null_segue_größe_käufer_co_select_null_e49dafc7');
CREATE TRIGGER "zz_segue_null_segue_größe_käufer_co_select_null_e49dafc7" BEFORE UPDATE OF "select" ON "Größe"."Käufer & Co"
  FOR EACH ROW WHEN (NEW."select" IS NULL AND OLD."select" IS NULL AND NEW."it's" IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD."it's"), ROW(NEW."it's")))
  EXECUTE FUNCTION segue."segue_größe_käufer_co_select_null_function_7c9b4529"();
ALTER TABLE "Größe"."Käufer & Co" ENABLE ALWAYS TRIGGER "zz_segue_null_segue_größe_käufer_co_select_null_e49dafc7";
CREATE OR REPLACE FUNCTION segue."segue_größe_käufer_co_bn_exceedingly_long_column_na_1ddc9857"() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('"Größe"."Käufer & Co"', 'zz_segue_null_segue_größe_käufer_co_bn_exceedingly_long_colu');
CREATE TRIGGER "zz_segue_null_segue_größe_käufer_co_bn_exceedingly_long_colu" BEFORE UPDATE OF bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i ON "Größe"."Käufer & Co"
  FOR EACH ROW WHEN (NEW.bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i IS NULL AND OLD.bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i IS NULL AND NEW.an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i), ROW(NEW.an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i)))
  EXECUTE FUNCTION segue."segue_größe_käufer_co_bn_exceedingly_long_column_na_1ddc9857"();
ALTER TABLE "Größe"."Käufer & Co" ENABLE ALWAYS TRIGGER "zz_segue_null_segue_größe_käufer_co_bn_exceedingly_long_colu";
CREATE OR REPLACE FUNCTION segue."segue_größe_käufer_co_segue_fill_null_function_7c3fa1dc"() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.segue_lower := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('"Größe"."Käufer & Co"', 'zz_segue_null_segue_größe_käufer_co_segue_fill_null_97c61dfc');
CREATE TRIGGER "zz_segue_null_segue_größe_käufer_co_segue_fill_null_97c61dfc" BEFORE UPDATE OF segue_fill ON "Größe"."Käufer & Co"
  FOR EACH ROW WHEN (NEW.segue_fill IS NULL AND OLD.segue_fill IS NULL AND NEW.segue_lower IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.segue_lower), ROW(NEW.segue_lower)))
  EXECUTE FUNCTION segue."segue_größe_käufer_co_segue_fill_null_function_7c3fa1dc"();
ALTER TABLE "Größe"."Käufer & Co" ENABLE ALWAYS TRIGGER "zz_segue_null_segue_größe_käufer_co_segue_fill_null_97c61dfc";
CREATE OR REPLACE FUNCTION segue."segue_größe_käufer_co_segue_n_null_function_4f4e23f2"() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $segue$
#variable_conflict use_column
BEGIN
  NEW.tag := NULL;
  RETURN NEW;
END
$segue$;
CALL segue.clear_trigger('"Größe"."Käufer & Co"', 'zz_segue_null_segue_größe_käufer_co_segue_n_null_a2ce2f8a');
CREATE TRIGGER "zz_segue_null_segue_größe_käufer_co_segue_n_null_a2ce2f8a" BEFORE UPDATE OF "$segue$ 'n'" ON "Größe"."Käufer & Co"
  FOR EACH ROW WHEN (NEW."$segue$ 'n'" IS NULL AND OLD."$segue$ 'n'" IS NULL AND NEW.tag IS NOT NULL
    AND NOT pg_catalog.record_image_ne(ROW(OLD.tag), ROW(NEW.tag)))
  EXECUTE FUNCTION segue."segue_größe_käufer_co_segue_n_null_function_4f4e23f2"();
ALTER TABLE "Größe"."Käufer & Co" ENABLE ALWAYS TRIGGER "zz_segue_null_segue_größe_käufer_co_segue_n_null_a2ce2f8a";
CREATE OR REPLACE FUNCTION segue."segue_größe_käufer_co_sync_7258185b"() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $xsegue$
#variable_conflict use_column
BEGIN
  -- "order" and "Bestellung № 1" say the same; where both changed, the new one wins
  IF (NEW."order" OPERATOR(pg_catalog.=) NEW."Bestellung № 1"
      OR (NEW."order" IS NULL AND NEW."Bestellung № 1" IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW."Bestellung № 1" IS NOT NULL THEN
        NEW."order" := NEW."Bestellung № 1";
      ELSE
        NEW."Bestellung № 1" := NEW."order";
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD."Bestellung № 1"), ROW(NEW."Bestellung № 1")) THEN
      IF pg_catalog.record_image_ne(ROW(OLD."order"), ROW(NEW."order")) THEN
        PERFORM segue.note_disagreement('odd_names', '"Größe"."Käufer & Co"', 'order, Bestellung № 1');
      END IF;
      NEW."order" := NEW."Bestellung № 1";
    ELSE
      NEW."Bestellung № 1" := NEW."order";
    END IF;
  END IF;
  -- "it's" and "select" say the same; where both changed, the new one wins
  IF (NEW."it's" OPERATOR(pg_catalog.=) NEW."select"
      OR (NEW."it's" IS NULL AND NEW."select" IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW."select" IS NOT NULL THEN
        NEW."it's" := NEW."select";
      ELSE
        NEW."select" := NEW."it's";
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD."select"), ROW(NEW."select")) THEN
      IF pg_catalog.record_image_ne(ROW(OLD."it's"), ROW(NEW."it's")) THEN
        PERFORM segue.note_disagreement('odd_names', '"Größe"."Käufer & Co"', 'it''s, select');
      END IF;
      NEW."it's" := NEW."select";
    ELSE
      NEW."select" := NEW."it's";
    END IF;
  END IF;
  -- an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i and bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i say the same; where both changed, the new one wins
  IF (NEW.an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i OPERATOR(pg_catalog.=) NEW.bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i
      OR (NEW.an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i IS NULL AND NEW.bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i IS NOT NULL THEN
        NEW.an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i := NEW.bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i;
      ELSE
        NEW.bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i := NEW.an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i), ROW(NEW.bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i), ROW(NEW.an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i)) THEN
        PERFORM segue.note_disagreement('odd_names', '"Größe"."Käufer & Co"', 'an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i, bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i');
      END IF;
      NEW.an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i := NEW.bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i;
    ELSE
      NEW.bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i := NEW.an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i;
    END IF;
  END IF;
  -- segue_lower and segue_fill say the same; where both changed, the new one wins
  IF (NEW.segue_lower OPERATOR(pg_catalog.=) NEW.segue_fill
      OR (NEW.segue_lower IS NULL AND NEW.segue_fill IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW.segue_fill IS NOT NULL THEN
        NEW.segue_lower := NEW.segue_fill;
      ELSE
        NEW.segue_fill := NEW.segue_lower;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD.segue_fill), ROW(NEW.segue_fill)) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.segue_lower), ROW(NEW.segue_lower)) THEN
        PERFORM segue.note_disagreement('odd_names', '"Größe"."Käufer & Co"', 'segue_lower, segue_fill');
      END IF;
      NEW.segue_lower := NEW.segue_fill;
    ELSE
      NEW.segue_fill := NEW.segue_lower;
    END IF;
  END IF;
  -- tag and "$segue$ 'n'" say the same; where both changed, the new one wins
  IF (NEW.tag OPERATOR(pg_catalog.=) NEW."$segue$ 'n'"
      OR (NEW.tag IS NULL AND NEW."$segue$ 'n'" IS NULL)) IS NOT TRUE THEN
    IF TG_OP = 'INSERT' THEN
      IF NEW."$segue$ 'n'" IS NOT NULL THEN
        NEW.tag := NEW."$segue$ 'n'";
      ELSE
        NEW."$segue$ 'n'" := NEW.tag;
      END IF;
    ELSIF pg_catalog.record_image_ne(ROW(OLD."$segue$ 'n'"), ROW(NEW."$segue$ 'n'")) THEN
      IF pg_catalog.record_image_ne(ROW(OLD.tag), ROW(NEW.tag)) THEN
        PERFORM segue.note_disagreement('odd_names', '"Größe"."Käufer & Co"', 'tag, $segue$ ''n''');
      END IF;
      NEW.tag := NEW."$segue$ 'n'";
    ELSE
      NEW."$segue$ 'n'" := NEW.tag;
    END IF;
  END IF;
  RETURN NEW;
END
$xsegue$;
CALL segue.clear_trigger('"Größe"."Käufer & Co"', 'zz_segue_sync_segue_größe_käufer_co__b8116d00');
CREATE TRIGGER "zz_segue_sync_segue_größe_käufer_co__b8116d00" BEFORE INSERT OR UPDATE ON "Größe"."Käufer & Co"
  FOR EACH ROW WHEN (((NEW."order" OPERATOR(pg_catalog.=) NEW."Bestellung № 1"
      OR (NEW."order" IS NULL AND NEW."Bestellung № 1" IS NULL)) IS NOT TRUE)
    OR ((NEW."it's" OPERATOR(pg_catalog.=) NEW."select"
      OR (NEW."it's" IS NULL AND NEW."select" IS NULL)) IS NOT TRUE)
    OR ((NEW.an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i OPERATOR(pg_catalog.=) NEW.bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i
      OR (NEW.an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i IS NULL AND NEW.bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i IS NULL)) IS NOT TRUE)
    OR ((NEW.segue_lower OPERATOR(pg_catalog.=) NEW.segue_fill
      OR (NEW.segue_lower IS NULL AND NEW.segue_fill IS NULL)) IS NOT TRUE)
    OR ((NEW.tag OPERATOR(pg_catalog.=) NEW."$segue$ 'n'"
      OR (NEW.tag IS NULL AND NEW."$segue$ 'n'" IS NULL)) IS NOT TRUE))
  EXECUTE FUNCTION segue."segue_größe_käufer_co_sync_7258185b"();
ALTER TABLE "Größe"."Käufer & Co" ENABLE ALWAYS TRIGGER "zz_segue_sync_segue_größe_käufer_co__b8116d00";
COMMIT;
\endif

SELECT segue.leave('odd_names', 2) AS "phase complete";
