CREATE TABLE people (
  id bigint PRIMARY KEY,
  name text,
  details jsonb
);
CREATE INDEX people_lower_name_idx ON people (lower(name), id DESC);
CREATE INDEX people_name_length_idx ON people ((length(name) + 1)) WHERE name <> 'name';
CREATE INDEX people_city_idx ON people ((details ->> 'city') COLLATE "C" text_pattern_ops);
CREATE INDEX people_details_idx ON people USING gin (details jsonb_path_ops);
ALTER INDEX people_lower_name_idx ALTER COLUMN 1 SET STATISTICS 700;
ALTER INDEX people_name_length_idx ALTER COLUMN 1 SET STATISTICS 0;
