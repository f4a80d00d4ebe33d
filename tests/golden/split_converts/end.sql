ALTER TABLE orders ADD COLUMN amount numeric(10,2), ADD COLUMN currency varchar(3);
UPDATE orders SET amount = split_part(btrim(price), ' ', 1)::numeric, currency = split_part(btrim(price), ' ', 2);
ALTER TABLE orders DROP COLUMN price;
