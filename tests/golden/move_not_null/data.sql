INSERT INTO users SELECT i, 'bio ' || i FROM generate_series(1, 900) i;
INSERT INTO profiles SELECT i, 'p' || i FROM generate_series(1, 900) i;
