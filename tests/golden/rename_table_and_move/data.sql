INSERT INTO users SELECT n, 'u' || n, 'b' || n % 7 FROM generate_series(1, 200) AS n;
INSERT INTO user_cards SELECT n, n, n % 2 = 0 FROM generate_series(1, 200) AS n;
