INSERT INTO users VALUES (1, 'Ada Lovelace', 'en'), (2, '', NULL), (3, 'Prince', 'en'), (4, 'Åsa  Ek', 'sv'),
  (5, ' ', 'x'), (6, repeat('x', 5000) || ' y', NULL), (7, E'tab\there now', ''), (8, 'María de la Cruz', 'es');
INSERT INTO users SELECT n, 'Name ' || n, 'en' FROM generate_series(100, 900) n;
