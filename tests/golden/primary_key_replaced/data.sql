INSERT INTO users SELECT n, 'key-' || n, 'h' || n FROM generate_series(1, 200) n;
INSERT INTO notes (user_id, body) SELECT 1 + n % 200, NULL FROM generate_series(1, 100) n;
