ALTER TABLE places ADD COLUMN lat double precision, ADD COLUMN lon double precision, ADD COLUMN word text, ADD COLUMN rest text;
UPDATE places SET lat = split_part(spot, ',', 1)::float8, lon = split_part(spot, ',', 2)::float8,
  word = split_part(label, ' ', 1), rest = split_part(label, ' ', 2);
ALTER TABLE places DROP COLUMN spot, DROP COLUMN label;
