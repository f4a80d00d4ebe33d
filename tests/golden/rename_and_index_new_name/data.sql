INSERT INTO users SELECT n, NULLIF('User ' || n, 'User 7'), 'DE' FROM generate_series(1, 200) n;
