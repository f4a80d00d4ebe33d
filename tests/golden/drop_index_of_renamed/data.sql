INSERT INTO people SELECT n, NULLIF('n' || n % 20, 'n3'), date '2000-01-01' + n, n FROM generate_series(1, 300) n;
