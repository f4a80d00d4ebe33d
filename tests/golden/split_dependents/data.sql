INSERT INTO users VALUES (1, 'Ada Lovelace', '2020-01-01', 'en'), (2, 'Prince', NULL, NULL), (3, ' x', NULL, '');
