INSERT INTO teams SELECT r, i, 'c' || i FROM generate_series(1, 3) r, generate_series(1, 20) i;
INSERT INTO members SELECT i, 1 + i % 3, 1 + i % 20 FROM generate_series(1, 90) i;
ALTER TABLE scores DISABLE TRIGGER ALL;
INSERT INTO scores SELECT 1, 1 + i % 22, i FROM generate_series(1, 44) i;
ALTER TABLE scores ENABLE TRIGGER ALL;
INSERT INTO hits SELECT i, i FROM generate_series(1, 30) i;
