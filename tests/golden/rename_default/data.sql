INSERT INTO jobs SELECT n, CASE WHEN n % 2 = 0 THEN 'done' ELSE 'running' END, NULLIF(n % 5, 0),
  timestamptz '2024-01-01Z' + n * interval '1 hour' FROM generate_series(1, 200) n;
