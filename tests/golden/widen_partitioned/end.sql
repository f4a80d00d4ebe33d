ALTER TABLE visits DROP CONSTRAINT visits_shop_id_fkey;
ALTER TABLE shops ALTER COLUMN id TYPE bigint;
ALTER TABLE visits ALTER COLUMN id TYPE bigint, ALTER COLUMN shop_id TYPE bigint;
ALTER TABLE visits ADD CONSTRAINT visits_shop_id_fkey FOREIGN KEY (shop_id) REFERENCES shops ON DELETE CASCADE;
