ALTER TABLE people ALTER COLUMN mood DROP DEFAULT;
ALTER TABLE people ALTER COLUMN mood TYPE mood USING mood::mood, ALTER COLUMN wish TYPE mood USING nullif(wish, '')::mood;
ALTER TABLE people ALTER COLUMN mood SET DEFAULT 'ok';
