INSERT INTO visits SELECT i, DATE '2024-01-01' + i % 50, 'n' || i FROM generate_series(1, 200) i;
INSERT INTO reports SELECT id, day FROM visits;
