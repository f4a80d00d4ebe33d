ALTER TABLE people ADD COLUMN first_name text, ADD COLUMN last_name text, ADD COLUMN born_on date, ADD COLUMN decade integer;
UPDATE people SET first_name = split_part(full_name, ' ', 1), last_name = substr(full_name, strpos(full_name, ' ') + 1),
  born_on = born::date, decade = left(born, 3)::integer * 10;
ALTER TABLE people DROP COLUMN full_name, DROP COLUMN born;
ALTER TABLE events ADD COLUMN starts_at timestamp;
UPDATE events SET starts_at = day + hour;
ALTER TABLE events DROP COLUMN day, DROP COLUMN hour;
ALTER TABLE orders ADD COLUMN total numeric(18,2) NOT NULL DEFAULT 0, ADD COLUMN status order_state;
ALTER TABLE orders ALTER COLUMN total DROP DEFAULT;
UPDATE orders SET total = total_cents / 100.0, status = state::order_state;
ALTER TABLE orders DROP COLUMN total_cents, DROP COLUMN state, ALTER COLUMN status SET NOT NULL;
ALTER TABLE cards ADD COLUMN bio text;
UPDATE cards SET bio = members.bio FROM members WHERE members.id = cards.member_id;
ALTER TABLE members DROP COLUMN bio, DROP COLUMN legacy;
UPDATE parcels SET weight = 1 WHERE weight <= 0;
ALTER TABLE parcels ADD CONSTRAINT parcels_weight CHECK (weight > 0);
UPDATE parcels SET person = NULL WHERE NOT EXISTS (SELECT FROM people WHERE people.id = parcels.person);
ALTER TABLE parcels ADD FOREIGN KEY (person) REFERENCES people (id);
