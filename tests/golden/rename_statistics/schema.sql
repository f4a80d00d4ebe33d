CREATE TABLE cars (id bigint PRIMARY KEY, make text, model text, year integer);
CREATE STATISTICS cars_make_model (dependencies, ndistinct) ON make, model FROM cars;
CREATE STATISTICS cars_upper ON upper(make), year FROM cars;
ALTER STATISTICS cars_make_model SET STATISTICS 200;
