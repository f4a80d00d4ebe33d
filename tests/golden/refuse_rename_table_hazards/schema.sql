CREATE TABLE animals (id bigint PRIMARY KEY, name text);
CREATE TABLE cats () INHERITS (animals);
CREATE PUBLICATION everything FOR TABLE animals;
CREATE FUNCTION called(animals) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1.name';
