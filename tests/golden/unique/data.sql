INSERT INTO seats SELECT n, n / 10, n % 10, NULLIF('c' || n, 'c5') FROM generate_series(1, 200) n;
