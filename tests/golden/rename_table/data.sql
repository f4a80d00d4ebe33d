INSERT INTO teams VALUES (1, 'one'), (2, 'two');
INSERT INTO users (email, team_id) SELECT 'u' || n || '@example.org', n % 2 + 1 FROM generate_series(1, 50) n;
INSERT INTO orders SELECT n, n FROM generate_series(1, 50) n;
