INSERT INTO people SELECT n, (ARRAY['sad', 'ok', 'very happy'])[1 + n % 3], CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE 'sad' END
  FROM generate_series(1, 200) n;
