INSERT INTO articles SELECT n, NULLIF('Ünder The ' || n, 'Ünder The 9'), n FROM generate_series(1, 100) n;
