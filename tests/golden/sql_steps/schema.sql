CREATE TABLE articles (id bigint PRIMARY KEY, title text, views integer);
CREATE TABLE settings (key text PRIMARY KEY, value text);
CREATE VIEW old_titles AS SELECT title FROM articles;
CREATE INDEX articles_views ON articles (views);
