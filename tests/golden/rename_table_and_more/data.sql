INSERT INTO users (id, full_name, code) SELECT n, 'user ' || n, n FROM generate_series(1, 200) n;
INSERT INTO orders SELECT n, n FROM generate_series(1, 100) n;
