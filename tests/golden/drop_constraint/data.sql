INSERT INTO teams SELECT n, NULLIF('t' || n, 't3') FROM generate_series(1, 20) n;
INSERT INTO people SELECT n, NULLIF(n % 20, 0), 18 + n % 70, NULLIF(n / 2, 0) FROM generate_series(1, 300) n;
INSERT INTO readings SELECT n, date '2023-01-01' + n, n FROM generate_series(1, 100) n;
