INSERT INTO prices SELECT n, n * 3 FROM generate_series(1, 200) n;
