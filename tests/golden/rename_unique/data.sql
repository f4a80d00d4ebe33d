INSERT INTO products SELECT n, 'SKU' || n, CASE WHEN n % 3 = 0 THEN '40' || n END, n / 10, n % 10
  FROM generate_series(1, 200) n;
