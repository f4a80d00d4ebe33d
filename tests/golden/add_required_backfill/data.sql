INSERT INTO users SELECT n, 'user' || n || '@example.com', NULLIF('D' || n % 9, 'D0') FROM generate_series(1, 300) n;
