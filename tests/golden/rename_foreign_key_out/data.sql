INSERT INTO teams SELECT n, 'R' || n % 3 FROM generate_series(1, 20) n;
INSERT INTO players SELECT n, CASE WHEN n % 4 <> 0 THEN n % 20 + 1 END,
  CASE WHEN n % 4 <> 0 THEN 'R' || (n % 20 + 1) % 3 END, NULLIF(n % 7, 0) FROM generate_series(1, 200) n;
