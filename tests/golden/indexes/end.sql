CREATE INDEX ON docs (title);
CREATE INDEX ON docs (rank DESC NULLS LAST, at) INCLUDE (title) WITH (fillfactor = 80) WHERE rank > 3;
CREATE UNIQUE INDEX docs_title_once ON docs ((lower(title)) COLLATE "C" text_pattern_ops);
CREATE INDEX docs_tags ON docs USING gin (tags);
CREATE INDEX ON docs USING brin (at) WITH (pages_per_range = 16);
CREATE INDEX ON docs USING hash (body);
CREATE INDEX ON docs ((length(body)), (rank + 1) DESC);
