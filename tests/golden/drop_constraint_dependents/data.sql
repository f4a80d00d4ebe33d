INSERT INTO teams SELECT n, 'c' || n, NULLIF('Team ' || n, 'Team 4') FROM generate_series(1, 40) n;
INSERT INTO people SELECT n, NULLIF('c' || 1 + n % 40, 'c9') FROM generate_series(1, 300) n;
