ALTER TABLE orders ALTER COLUMN state DROP DEFAULT;
ALTER TABLE orders ALTER COLUMN state TYPE order_state_2
  USING CASE state WHEN 'lost' THEN 'done' ELSE state::text END::order_state_2;
ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'new';
