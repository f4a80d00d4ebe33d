INSERT INTO customers SELECT n, 'Customer ' || n FROM generate_series(1, 100) n;
INSERT INTO invoices SELECT n, n % 100 + 1 FROM generate_series(1, 300) n;
INSERT INTO referrals SELECT n, n + 1 FROM generate_series(1, 50) n;
