INSERT INTO members SELECT n, 'N' || n, date '2019-06-01' + n FROM generate_series(1, 300) n;
