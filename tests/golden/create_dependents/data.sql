INSERT INTO orders SELECT n, n * 3, NULLIF('p' || n, 'p5') FROM generate_series(1, 300) n;
