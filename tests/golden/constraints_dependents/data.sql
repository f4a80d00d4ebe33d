INSERT INTO people (id, name, slug, boss_id, born, data)
  SELECT n, 'Name ' || n, 's-' || n, nullif(n / 3, 0), date '1950-01-01' + n * 20, jsonb_build_object('k', n) FROM generate_series(1, 300) AS n;
UPDATE people SET boss_id = 9999 WHERE id % 50 = 0;
INSERT INTO days SELECT date '2023-11-01' + d, h, d % 2 = 0 FROM generate_series(0, 99) AS d, generate_series(1, 2) AS h;
INSERT INTO halls SELECT n, 'h' || n FROM generate_series(1, 40) AS n;
INSERT INTO visits SELECT n, 1 + n % 300, date '2023-11-01' + n % 100, 1 + n % 2, n % 11 - 1 FROM generate_series(1, 400) AS n;
