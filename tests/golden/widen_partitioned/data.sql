INSERT INTO shops (name) SELECT 's' || i FROM generate_series(1, 20) i;
INSERT INTO visits SELECT i, DATE '2023-01-01' + i, 1 + i % 20 FROM generate_series(0, 700) i;
