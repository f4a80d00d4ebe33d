INSERT INTO tickets SELECT n, CASE WHEN n > 50 THEN date '2024-01-01' + n END, 'Owner ' || n
  FROM generate_series(1, 200) n;
