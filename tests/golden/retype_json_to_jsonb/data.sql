INSERT INTO "Odd Docs" SELECT 'k' || n, json_build_object('n', n, 'z', 'ü''"', 'a', ARRAY[n, NULL]), CASE WHEN n % 3 > 0 THEN '[1, 1.0, "x"]'::json END
  FROM generate_series(1, 150) n;
