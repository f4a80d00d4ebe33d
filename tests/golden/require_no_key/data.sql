INSERT INTO sessions SELECT NULLIF(n % 3, 0)::text, NULLIF(n % 4, 0)::text, NULLIF(n % 5, 0) - 2, NULL FROM generate_series(1, 200) n;
