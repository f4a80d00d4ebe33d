ALTER TABLE "Odd Docs" ALTER COLUMN "Body ""x""" TYPE jsonb, ALTER COLUMN tags TYPE jsonb;
