INSERT INTO t SELECT n, timestamp '2024-01-01' FROM generate_series(1, 50) n;
