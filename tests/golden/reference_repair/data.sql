INSERT INTO authors SELECT n, 'A' || n FROM generate_series(1, 20) n;
INSERT INTO books SELECT n, n % 25, NULLIF(n % 20, 0) FROM generate_series(1, 200) n;
