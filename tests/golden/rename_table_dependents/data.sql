INSERT INTO measurements SELECT n, date '2023-07-01' + n, n FROM generate_series(1, 300) n;
