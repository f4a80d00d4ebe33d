CREATE SCHEMA "Größe";
CREATE TABLE "Größe"."Käufer & Co" (
  "Nr." bigint PRIMARY KEY,
  "order" text NOT NULL DEFAULT 'a "quoted" one',
  "it's" integer CHECK ("it's" > 0),
  an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i text,
  segue_lower integer NOT NULL,
  segue_upper integer,
  tag text
);
CREATE UNIQUE INDEX "Index mit Leerzeichen" ON "Größe"."Käufer & Co" ("order", "it's");
CREATE INDEX an_exceedingly_long_index__name_that_has_sixty_three_bytes_in_i ON "Größe"."Käufer & Co" (lower(an_exceedingly_long_column_name_that_has_sixty_three_bytes_in_i));
