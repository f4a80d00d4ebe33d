INSERT INTO files SELECT n, 'owner' || n, '/' || n FROM generate_series(1, 100) n;
