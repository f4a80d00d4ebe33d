INSERT INTO hits SELECT n, date '2024-01-01' + n % 5, 'p' || n FROM generate_series(1, 100) n;
