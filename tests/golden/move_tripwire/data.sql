INSERT INTO users SELECT i, 'u' || i, CASE WHEN i % 3 > 0 THEN 'bio ' || i END FROM generate_series(1, 90) i;
INSERT INTO profiles (user_id, picture) SELECT i, 'p' || i FROM generate_series(1, 90) i WHERE i % 3 > 0 OR i % 2 = 0;
