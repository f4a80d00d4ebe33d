INSERT INTO people SELECT n, NULLIF('n' || n, 'n4'), '' FROM generate_series(1, 100) n;
