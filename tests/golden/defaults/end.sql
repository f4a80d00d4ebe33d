ALTER TABLE carts ALTER COLUMN currency SET DEFAULT 'EUR', ALTER COLUMN opened_at DROP DEFAULT,
  ALTER COLUMN note SET DEFAULT ('cart of ' || current_date::text);
