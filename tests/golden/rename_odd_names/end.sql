ALTER TABLE "Größe"."Käufer & Co" RENAME COLUMN "order" TO "Bestellung № 1";
ALTER TABLE "Größe"."Käufer & Co" RENAME COLUMN "it's" TO "select";
ALTER TABLE "Größe"."Käufer & Co" RENAME COLUMN an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i TO bn_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i;
ALTER TABLE "Größe"."Käufer & Co" RENAME COLUMN segue_lower TO segue_fill;
ALTER TABLE "Größe"."Käufer & Co" RENAME COLUMN tag TO "$segue$ 'n'";
