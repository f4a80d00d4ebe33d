INSERT INTO pages SELECT n, 'Page ' || n, n, timestamptz '2024-01-01Z' FROM generate_series(1, 300) n;
