INSERT INTO users SELECT n, 'u' || n FROM generate_series(1, 10) n;
INSERT INTO logs (user_id, line, parent) SELECT 1 + n % 10, 'ł' || n, NULLIF(n / 2, 0) FROM generate_series(1, 200) n;
INSERT INTO log_tags SELECT 1 + n % 200, 't' FROM generate_series(1, 100) n;
INSERT INTO readings SELECT n, date '2023-01-01' + n FROM generate_series(1, 100) n;
