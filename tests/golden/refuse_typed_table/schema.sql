CREATE TYPE point_of_sale AS (a integer, b text);
CREATE TABLE sales OF point_of_sale (PRIMARY KEY (a));
CREATE TABLE lines (id bigint PRIMARY KEY, sale integer, b text);
CREATE TYPE visit AS (id bigint, sale integer);
CREATE TABLE visits OF visit (FOREIGN KEY (sale) REFERENCES sales (a));
CREATE TABLE users (id integer PRIMARY KEY);
CREATE TYPE guest AS (id bigint, user_id integer);
CREATE TABLE guests OF guest (FOREIGN KEY (user_id) REFERENCES users (id));
