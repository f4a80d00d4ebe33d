CREATE SCHEMA app;
-- A key of two columns in different words, no foreign key, quoted names, an index and a check that go.
CREATE TABLE app."Orders" (
  region text, number integer, "Ship To" jsonb, touched timestamptz DEFAULT '2020-01-01',
  PRIMARY KEY (region, number),
  CONSTRAINT ship_to_known CHECK ("Ship To" ? 'city')
);
CREATE INDEX orders_city ON app."Orders" (("Ship To" ->> 'city'));
CREATE TABLE shipments (
  id integer PRIMARY KEY, order_region varchar(10) NOT NULL, order_number bigint NOT NULL, weight integer, seen integer DEFAULT 0,
  CONSTRAINT shipments_order UNIQUE (order_number, order_region) DEFERRABLE
);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched := '2021-01-01'; RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON app."Orders" FOR EACH ROW EXECUTE FUNCTION touch();
CREATE FUNCTION count_seen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.seen := OLD.seen + 1; RETURN NEW; END $$;
CREATE TRIGGER count_seen BEFORE UPDATE ON shipments FOR EACH ROW EXECUTE FUNCTION count_seen();
