INSERT INTO customers SELECT n, n * 2 FROM generate_series(1, 200) AS n;
INSERT INTO orders SELECT n, (ARRAY['new', 'paid', '', NULL])[1 + n % 4], 'C' || n, CASE WHEN n % 7 > 0 THEN 2 * (1 + n % 200) END, date '2024-02-28' + n
  FROM generate_series(1, 1200) AS n;
INSERT INTO lines SELECT n, n % 3, n * 10 FROM generate_series(1, 1500) AS n;
