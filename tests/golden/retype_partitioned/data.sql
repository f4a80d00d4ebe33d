INSERT INTO events SELECT n, 'k' || n % 7, date '2023-06-01' + n % 500, CASE WHEN n % 3 > 0 THEN n END FROM generate_series(1, 300) n;
