INSERT INTO app."Orders" SELECT r, i, jsonb_build_object('city', r || i) FROM generate_series(1, 40) i, unnest(ARRAY['n', 's']) r;
INSERT INTO shipments SELECT i * 2 + (r = 's')::int, r, i, i FROM generate_series(1, 40) i, unnest(ARRAY['n', 's']) r;
