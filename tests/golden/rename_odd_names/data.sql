INSERT INTO "Größe"."Käufer & Co" SELECT n, 'O' || n, n, NULLIF(n % 3, 0)::text, -n, -n FROM generate_series(1, 200) n;
