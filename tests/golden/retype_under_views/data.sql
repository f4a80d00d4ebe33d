INSERT INTO members SELECT n, n * 3, CASE WHEN n % 5 > 0 THEN 'N' || n END, date '2019-01-01' + n FROM generate_series(1, 900) AS n;
INSERT INTO fees SELECT n, n, n * 7 FROM generate_series(1, 500) AS n;
