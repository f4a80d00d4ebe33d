INSERT INTO coupons SELECT n, CASE WHEN n % 7 <> 0 THEN n END, 'c' || n FROM generate_series(1, 200) n;
