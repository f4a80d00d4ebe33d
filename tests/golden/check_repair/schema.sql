CREATE TABLE coupons (id bigint PRIMARY KEY, percent integer, label text, found integer);
