INSERT INTO people SELECT n, NULLIF('p' || n || '@example.org', 'p7@example.org'), CASE n % 50 WHEN 0 THEN '' WHEN 1 THEN NULL ELSE 'Ñandú ' || n END, date '1970-01-01' + n FROM generate_series(1, 300) n;
INSERT INTO readings SELECT n, date '2023-12-01' + n % 60, NULLIF(n, 17) FROM generate_series(1, 300) n;
