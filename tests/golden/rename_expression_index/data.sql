INSERT INTO people SELECT n, CASE WHEN n % 9 <> 0 THEN 'Person ' || n END,
  jsonb_build_object('city', 'Town ' || n % 10, 'n', 1.0 * n) FROM generate_series(1, 200) n;
