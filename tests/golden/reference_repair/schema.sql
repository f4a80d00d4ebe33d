CREATE TABLE authors (id bigint PRIMARY KEY, name text);
CREATE TABLE books (id bigint PRIMARY KEY, author bigint, editor bigint);
CREATE INDEX books_author_idx ON books (author);
