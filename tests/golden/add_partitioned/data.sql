INSERT INTO visits SELECT n, date '2024-01-01' + n % 59, 'p' || n FROM generate_series(1, 300) n;
