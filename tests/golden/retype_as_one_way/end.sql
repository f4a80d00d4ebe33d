ALTER TABLE readings ALTER COLUMN raw TYPE numeric USING raw::numeric;
ALTER TABLE readings RENAME COLUMN raw TO value;
