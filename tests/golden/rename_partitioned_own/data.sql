INSERT INTO readings SELECT n, 1 + n % 3, CASE WHEN n % 3 <> 0 AND n % 7 = 0 THEN NULL ELSE n END FROM generate_series(1, 300) n;
