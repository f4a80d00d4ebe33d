INSERT INTO prices SELECT n, n * 100 FROM generate_series(1, 100) n;
INSERT INTO offers SELECT n, ARRAY[ROW(ROW(n, n * 100)::prices, '2024-01-01')::offer] FROM generate_series(1, 20) n;
