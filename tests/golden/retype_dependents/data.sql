INSERT INTO countries VALUES ('DE', 'Germany'), ('F', 'France'), ('Ö', NULL);
INSERT INTO users SELECT n, 'Login ' || n, (ARRAY['DE', 'F', NULL, 'Ö'])[1 + n % 4], 0 FROM generate_series(1, 200) n;
INSERT INTO badges SELECT n, CASE WHEN n % 3 > 0 THEN 'Login ' || n END FROM generate_series(1, 200) n;
