CREATE TABLE orders (
  id bigint PRIMARY KEY,
  price character varying(40)
);
