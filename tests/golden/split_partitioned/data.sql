INSERT INTO events SELECT n, date '2022-12-20' + n, 'kind:' || n FROM generate_series(1, 400) n;
INSERT INTO events VALUES (1000, '2030-01-01', NULL), (1001, '2023-05-05', '');
