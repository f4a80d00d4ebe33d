INSERT INTO readings SELECT n, CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN '0' || n || '.50' ELSE n::text END FROM generate_series(1, 200) n;
