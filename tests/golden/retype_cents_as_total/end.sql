ALTER TABLE orders ALTER COLUMN total_cents DROP DEFAULT;
ALTER TABLE orders ALTER COLUMN total_cents TYPE numeric(18,2) USING total_cents / 100.0,
  ALTER COLUMN tip_cents TYPE numeric(10,2) USING tip_cents / 100.0;
ALTER TABLE orders ALTER COLUMN total_cents SET DEFAULT 0;
ALTER TABLE orders RENAME COLUMN total_cents TO total;
ALTER TABLE orders RENAME COLUMN tip_cents TO tip;
