INSERT INTO people SELECT n, 'First' || n || ' Last ' || n, (date '1950-01-01' + n)::text FROM generate_series(1, 900) AS n;
INSERT INTO events SELECT n, date '2024-02-28' + n % 500, CASE WHEN n % 9 > 0 THEN time '00:00' + n * interval '1 minute' END FROM generate_series(1, 700) AS n;
INSERT INTO orders SELECT n, n * 7, (ARRAY['new', 'paid'])[1 + n % 2] FROM generate_series(1, 800) AS n;
INSERT INTO members SELECT n, 'bio ' || n, 'l' || n FROM generate_series(1, 300) AS n;
INSERT INTO cards SELECT n, n % 2 = 0 FROM generate_series(1, 300) AS n;
INSERT INTO parcels SELECT n, n % 11 - 2, n * 2 FROM generate_series(1, 600) AS n;
