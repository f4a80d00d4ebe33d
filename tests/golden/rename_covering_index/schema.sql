CREATE TABLE prices (
  id bigint PRIMARY KEY,
  article integer NOT NULL,
  cents integer NOT NULL
);
CREATE INDEX prices_article_idx ON prices (article) INCLUDE (cents);
CREATE UNIQUE INDEX prices_article_key ON prices (article, id) INCLUDE (cents);
ALTER TABLE prices ADD CONSTRAINT prices_cents_key UNIQUE (cents, id) INCLUDE (article);
