INSERT INTO teams VALUES (1, 'one'), (2, 'two');
INSERT INTO users (full_name, team) SELECT 'user ' || n, n % 2 + 1 FROM generate_series(1, 50) n;
INSERT INTO orders SELECT n, n FROM generate_series(1, 50) n;
