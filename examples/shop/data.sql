-- Fills the shop, the same rows every time:  psql -v users=200000 -f data.sql
\if :{?users}
\else
\set users 200000
\endif

BEGIN;
-- Loading is not the app's work: no updated_at, no audit log.
SET LOCAL session_replication_role = replica;

INSERT INTO users (id, email, full_name, country, referred_by, created_at, updated_at, deleted_at)
SELECT n,
       'user' || n || '@example.com',
       CASE WHEN n % 50 = 0 THEN NULL
            ELSE (ARRAY['Ada','Grace','Edsger','Barbara','Alan','Frances','Donald','Katherine'])[n % 8 + 1]
                 || ' ' ||
                 (ARRAY['Lovelace','Hopper','Dijkstra','Liskov','Turing','Allen','Knuth'])[n % 7 + 1]
                 || ' ' || n END,
       (ARRAY['DE','FR','PL','NL','AT'])[n % 5 + 1],
       -- Now and then by somebody who is no longer there: change 0003 mends it.
       CASE WHEN n % 1000 = 0 THEN n + 10000000 WHEN n % 9 = 0 THEN n / 2 END,
       timestamptz '2024-01-01Z' + n * interval '11 seconds',
       timestamptz '2024-01-01Z' + n * interval '13 seconds',
       CASE WHEN n % 97 = 0 THEN timestamptz '2024-03-01Z' END
  FROM generate_series(1, :users) n;
SELECT setval(pg_get_serial_sequence('users', 'id'), :users) AS users \gset

INSERT INTO addresses (user_id, kind, street, postcode, city, country)
SELECT n, CASE WHEN n % 3 = 0 THEN 'invoice' ELSE 'delivery' END, 'Street ' || n % 900,
       lpad((n % 90000)::text, 5, '0'), 'Town ' || n % 300, 'DE'
  FROM generate_series(1, :users / 4) n;

INSERT INTO categories (parent, name) SELECT NULL, 'Category ' || n FROM generate_series(1, 10) n;
INSERT INTO categories (parent, name)
SELECT n % 10 + 1, 'Category ' || n FROM generate_series(11, 60) n;

INSERT INTO products (category_id, sku, name, description, price_cents, stock, tags, attributes, updated_at)
SELECT n % 60 + 1, 'SKU-' || lpad(n::text, 6, '0'), 'Product ' || n, 'It is number ' || n,
       100 + n * 7 % 9900, n % 40, ARRAY['tag' || n % 20, 'tag' || n % 33],
       jsonb_build_object('colour', (ARRAY['red','green','blue'])[n % 3 + 1], 'weight', n % 500),
       timestamptz '2024-01-01Z'
  FROM generate_series(1, 2000) n;

-- A few are beyond 100 per cent: an old mistake that change 0003 mends.
INSERT INTO coupons (code, percent_off, valid_until, max_uses, legacy_id)
SELECT 'COUPON' || n, CASE WHEN n % 40 = 0 THEN 150 ELSE n % 60 END, DATE '2024-12-31', 100, n
  FROM generate_series(1, 200) n;

INSERT INTO orders (user_id, coupon_code, status, total_cents, note, placed_at, updated_at)
SELECT n * 7 % :users + 1, CASE WHEN n % 10 = 0 THEN 'COUPON' || (n % 200 + 1) END,
       (ARRAY['new','paid','packed','shipped','returned','cancelled']::order_status[])[n % 6 + 1],
       500 + n % 20000, CASE WHEN n % 5 = 0 THEN 'ring twice' END,
       timestamptz '2024-01-01Z' + n * interval '29 seconds', timestamptz '2024-01-01Z'
  FROM generate_series(1, :users / 2) n;

INSERT INTO order_items (order_id, line, product_id, quantity, unit_cents)
SELECT o, l, (o * 3 + l) % 2000 + 1, l, 100 + o % 900
  FROM generate_series(1, :users / 2) o, generate_series(1, 2) l;

INSERT INTO payments (order_id, provider, provider_ref, amount_cents, paid_at)
SELECT n, CASE WHEN n % 2 = 0 THEN 'card' ELSE 'transfer' END, 'REF' || n, 500 + n % 20000,
       timestamptz '2024-01-02Z'
  FROM generate_series(1, :users / 4) n;

INSERT INTO reviews (product_id, user_id, stars, body, written_at)
SELECT n % 2000 + 1, n, n % 5 + 1, 'Review ' || n, timestamptz '2024-02-01Z'
  FROM generate_series(1, :users / 20) n;

INSERT INTO carts (id, user_id, updated_at)
SELECT md5('cart' || n)::uuid, n, timestamptz '2024-02-01Z' FROM generate_series(1, :users / 50) n;
INSERT INTO cart_items (cart_id, product_id, quantity)
SELECT md5('cart' || n)::uuid, n % 2000 + 1, n % 3 + 1 FROM generate_series(1, :users / 50) n;

INSERT INTO events (at, kind, user_id, payload)
SELECT timestamptz '2024-01-01Z' + n % 90 * interval '1 day',
       CASE WHEN n % 4 = 0 THEN 'order' ELSE 'page_view' END, n % :users + 1,
       jsonb_build_object('page', n % 100)
  FROM generate_series(1, :users / 2) n;
COMMIT;

REFRESH MATERIALIZED VIEW sales_by_product;
ANALYZE;
