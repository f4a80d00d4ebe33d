INSERT INTO regions SELECT n, 'r' || n FROM generate_series(1, 10) n;
INSERT INTO shops SELECT n, NULLIF(1 + n % 10, 4), 't' || n FROM generate_series(1, 200) n;
