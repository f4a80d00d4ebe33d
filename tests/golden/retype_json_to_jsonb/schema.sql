CREATE TABLE "Odd Docs" (
  "Key" text PRIMARY KEY,
  "Body ""x""" json NOT NULL,
  tags json
);
