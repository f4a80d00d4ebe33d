CREATE TABLE plain (id bigint, name text);
CREATE TABLE pairs (a integer NOT NULL, b text, c text);
CREATE TABLE "Odd" ("Key" text COLLATE "C" NOT NULL);
