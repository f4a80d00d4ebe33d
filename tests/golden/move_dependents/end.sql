ALTER TABLE shipments DISABLE TRIGGER count_seen;
ALTER TABLE shipments ADD COLUMN destination jsonb;
UPDATE shipments SET destination = "Ship To" FROM app."Orders" WHERE number = order_number AND region = order_region;
ALTER TABLE shipments ALTER COLUMN destination SET NOT NULL;
ALTER TABLE shipments RENAME COLUMN weight TO grams;
CREATE INDEX shipments_city ON shipments ((destination ->> 'city'));
ALTER TABLE app."Orders" DROP COLUMN "Ship To";
ALTER TABLE shipments ENABLE TRIGGER count_seen;
