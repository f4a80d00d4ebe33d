INSERT INTO people SELECT n, (ARRAY['sad', 'ok', 'it''s fine'])[1 + n % 3]::mood FROM generate_series(1, 300) n;
INSERT INTO app.orders SELECT n, CASE WHEN n % 2 = 0 THEN 'new'::app."State" END FROM generate_series(1, 100) n;
