INSERT INTO events SELECT n, date '2023-07-01' + n, 'user ' || n FROM generate_series(1, 300) n;
