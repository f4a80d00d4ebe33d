INSERT INTO notes SELECT n, CASE WHEN n % 7 <> 0 THEN 'Note ' || n END FROM generate_series(1, 300) n;
