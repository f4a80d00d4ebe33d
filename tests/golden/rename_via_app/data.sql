INSERT INTO users SELECT n, 'user ' || n, CASE WHEN n % 3 > 0 THEN 'u' || n END FROM generate_series(1, 50) n;
