INSERT INTO readings SELECT n, date '2023-06-01' + n % 500, nullif(n % 7, 3) * 10, nullif('u' || n % 5, 'u2'), 's' || n % 9, 'n ' || n, n
  FROM generate_series(1, 400) AS n;
