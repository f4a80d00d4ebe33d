INSERT INTO docs SELECT n, 'T' || n, 'B' || n, ARRAY['t' || n % 7], timestamptz '2024-01-01Z' + n * interval '1 h', n % 10
  FROM generate_series(1, 300) n;
