INSERT INTO metrics SELECT n, date '2023-06-01' + n, n * 1.50, NULLIF('L' || n % 5, 'L0') FROM generate_series(1, 900) n;
