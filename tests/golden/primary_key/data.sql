INSERT INTO plain SELECT n * 1000000000000, 'n' || n FROM generate_series(-100, 100) n;
INSERT INTO pairs SELECT n % 7, CASE n WHEN 7 THEN '' ELSE 'ÿ' || n / 7 END, NULL FROM generate_series(1, 200) n;
INSERT INTO "Odd" VALUES (''), ('ä'), ('A'), ('a');
