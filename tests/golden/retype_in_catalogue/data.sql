INSERT INTO parcels SELECT n, 'c' || n, CASE WHEN n % 3 > 0 THEN 'Zoë ' || n END, CASE n % 4 WHEN 0 THEN '' ELSE 'n' END,
  n / 7.0, CASE WHEN n % 5 > 0 THEN timestamp '2024-02-29 23:59:59.123' + n * interval '1 hour' END FROM generate_series(1, 200) n;
