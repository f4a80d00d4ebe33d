INSERT INTO users VALUES (1, 'Ada', 'Lovelace'), (2, '', NULL), (3, 'Prince', ''), (4, 'Åsa', 'Ek'), (5, 'a b', 'c');
INSERT INTO users SELECT n, 'Name', n::text FROM generate_series(100, 900) n;
