INSERT INTO jobs SELECT n, (ARRAY['new', 'done'])[1 + n % 2]::stage FROM generate_series(1, 60) AS n;
INSERT INTO plans (id, at) SELECT n, 'new' FROM generate_series(1, 20) AS n;
