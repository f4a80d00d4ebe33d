CREATE TYPE order_state AS ENUM ('new', 'paid');
CREATE TABLE people (id bigint PRIMARY KEY, full_name text NOT NULL DEFAULT 'Ann Onym', born text NOT NULL);
CREATE TABLE events (id bigint PRIMARY KEY, day date, hour time);
CREATE TABLE orders (id bigint PRIMARY KEY, total_cents integer NOT NULL, state text NOT NULL);
