INSERT INTO addresses VALUES (1, 'Fő utca', '1', 'Pécs'), (2, NULL, NULL, NULL), (3, 'Fő utca', NULL, ''), (4, '', '7', 'x');
