ALTER TABLE visits ALTER COLUMN came TYPE timestamptz USING came AT TIME ZONE 'UTC',
  ALTER COLUMN went TYPE timestamptz USING went AT TIME ZONE 'Europe/Berlin',
  ALTER COLUMN billed TYPE timestamp USING billed AT TIME ZONE 'UTC',
  ALTER COLUMN day TYPE date;
