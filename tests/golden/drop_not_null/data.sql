INSERT INTO users SELECT n, 'F' || n FROM generate_series(1, 300) n;
