INSERT INTO orders SELECT n, (ARRAY['new', 'lost', 'done'])[1 + n % 3]::order_state FROM generate_series(1, 200) n;
