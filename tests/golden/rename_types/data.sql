INSERT INTO samples SELECT n, json_build_object('n', n), point(n, 1), CASE n % 2 WHEN 0 THEN 1.0 ELSE 1.00 END,
  make_interval(hours => n::int), CASE WHEN n % 3 <> 0 THEN 'ok'::mood END, ARRAY[n, NULL]::int[],
  CASE WHEN n % 2 = 0 THEN 0.0 ELSE '-0'::float8 END, n % 100, decode(lpad(to_hex(n), 8, '0'), 'hex'),
  tstzrange('2024-01-01Z', NULL)
  FROM generate_series(1, 150) n;
