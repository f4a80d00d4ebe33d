INSERT INTO cars SELECT n, 'Make ' || n % 5, 'Model ' || n % 15, 2000 + n % 20 FROM generate_series(1, 200) n;
