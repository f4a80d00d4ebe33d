INSERT INTO users SELECT n, n % 9, n % 4 FROM generate_series(1, 300) n;
