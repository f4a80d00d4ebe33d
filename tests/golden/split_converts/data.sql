INSERT INTO orders VALUES (1, '10.00 EUR'), (2, NULL), (3, '0.005 USD'), (4, '-99999999.99 HUF'), (5, ' 7 JPY');
INSERT INTO orders SELECT n, n || '.50 EUR' FROM generate_series(100, 400) n;
