INSERT INTO teams SELECT generate_series(1, 5);
INSERT INTO users SELECT generate_series(1, 20);
INSERT INTO members
SELECT n % 5 + 1, n % 20 + 1, n % 3 = 0, CASE WHEN n % 7 > 0 THEN date '2024-01-01' + n END
  FROM generate_series(1, 60) n;
