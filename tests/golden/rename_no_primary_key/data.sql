INSERT INTO log SELECT timestamptz '2024-01-01Z', NULLIF('m' || n % 3, 'm0') FROM generate_series(1, 100) n;
