INSERT INTO contacts SELECT n, NULLIF('F' || n % 11, 'F0'), 'L' || n FROM generate_series(1, 200) n;
