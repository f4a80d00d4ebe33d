CREATE TABLE carts (
  id bigint PRIMARY KEY,
  currency char(3) NOT NULL DEFAULT 'DEM',
  opened_at timestamptz DEFAULT now(),
  note text
);
