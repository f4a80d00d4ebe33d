INSERT INTO visits SELECT n, timestamp '2024-03-31 01:30' + n * interval '17 minutes',
  CASE WHEN n % 3 > 0 THEN timestamp '2024-10-27 02:30' + n * interval '7 minutes' END,
  timestamptz '2024-01-01 12:00Z' + n * interval '1 day', timestamp '2024-01-01' + n * interval '5 hours' FROM generate_series(1, 200) n;
INSERT INTO visits VALUES (1001, 'infinity', '-infinity', 'infinity', NULL), (1002, '0044-03-15 BC', '0001-01-01', '0001-01-01Z', 'infinity');
