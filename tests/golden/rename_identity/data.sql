INSERT INTO orders (what) SELECT 'Thing ' || n FROM generate_series(1, 100) n;
