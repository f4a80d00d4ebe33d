CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, country char(2));

CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, total integer NOT NULL, memo text);
CREATE INDEX orders_user_idx ON orders (user_id);
