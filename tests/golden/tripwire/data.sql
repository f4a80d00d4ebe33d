INSERT INTO people SELECT n, 'name ' || n, 'seen', timestamptz '2024-01-01Z' + n * interval '1 hour', 'c' || n
  FROM generate_series(1, 200) n;
INSERT INTO visits SELECT n, date '2024-01-01' + n FROM generate_series(1, 20) n;
