INSERT INTO users SELECT n, 'user' || n, 'DE' FROM generate_series(1, 300) n;
