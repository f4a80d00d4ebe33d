INSERT INTO places VALUES (1, '1.5,2.5', 'a b'), (2, NULL, ''), (3, '-0,1e3', 'c');
