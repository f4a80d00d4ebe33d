INSERT INTO rooms SELECT n, CASE WHEN n % 5 <> 0 THEN n * 2 END, 'kind' FROM generate_series(1, 200) n;
