INSERT INTO events SELECT n, 'kind' || n % 4, timestamptz '2024-01-01Z' + n * interval '1 min', NULLIF('s' || n % 6, 's0')
  FROM generate_series(1, 200) n;
