INSERT INTO users (name, bio) SELECT 'u' || n, nullif('b' || n % 7, 'b3') FROM generate_series(1, 200) AS n;
INSERT INTO user_cards (user_id, printed) SELECT n, n % 2 = 0 FROM generate_series(1, 200) AS n;
INSERT INTO orders (user_id) SELECT 1 + n % 200 FROM generate_series(1, 300) AS n;
