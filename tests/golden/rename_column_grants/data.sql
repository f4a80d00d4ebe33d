INSERT INTO staff SELECT n, 'Name ' || n, n * 100 FROM generate_series(1, 100) n;
