INSERT INTO users SELECT n, 'user' || n || '@example.com', NULLIF('D' || n % 9, 'D0') FROM generate_series(1, 300) n;

INSERT INTO orders SELECT n, n % 300 + 1, n * 10, NULLIF('m' || n % 4, 'm0') FROM generate_series(1, 500) n;
