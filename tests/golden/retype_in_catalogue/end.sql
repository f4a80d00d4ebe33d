ALTER TABLE parcels ALTER COLUMN code TYPE varchar(40), ALTER COLUMN label TYPE text, ALTER COLUMN note TYPE varchar,
  ALTER COLUMN weight TYPE numeric(12,2), ALTER COLUMN seen TYPE timestamp(6);
