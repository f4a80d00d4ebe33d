INSERT INTO currencies VALUES (1, 'EUR'), (2, 'USD'), (3, 'PLN');
INSERT INTO accounts SELECT n, (ARRAY['EUR','USD','PLN'])[n % 3 + 1] FROM generate_series(1, 60) n;
INSERT INTO rates VALUES ('EUR', 'USD', 1.10), ('EUR', 'PLN', 4.300);
