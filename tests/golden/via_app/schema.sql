CREATE TYPE order_state AS ENUM ('new', 'paid');
CREATE TABLE people (id bigint PRIMARY KEY, full_name text NOT NULL DEFAULT 'Ann Onym', born text NOT NULL);
CREATE TABLE events (id bigint PRIMARY KEY, day date, hour time);
CREATE TABLE orders (id bigint PRIMARY KEY, total_cents integer NOT NULL, state text NOT NULL);
CREATE TABLE members (id bigint PRIMARY KEY, bio text NOT NULL, legacy text NOT NULL);
CREATE TABLE cards (member_id bigint PRIMARY KEY REFERENCES members, printed boolean);
CREATE TABLE parcels (id bigint PRIMARY KEY, weight integer, person bigint);
