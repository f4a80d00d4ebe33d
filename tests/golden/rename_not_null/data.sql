INSERT INTO users SELECT n, 'User ' || n FROM generate_series(1, 300) n;
