INSERT INTO users SELECT n, 'user' || n, 'L' || n FROM generate_series(1, 300) n;
