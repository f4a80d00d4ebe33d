-- The enum is what a table is partitioned by, an array's and a domain's element, and an argument.
CREATE TYPE stage AS ENUM ('new', 'done');
CREATE DOMAIN open_stage AS stage CHECK (VALUE <> 'done');
CREATE TABLE jobs (id bigint, stage stage NOT NULL DEFAULT 'new', PRIMARY KEY (id, stage)) PARTITION BY LIST (stage);
CREATE TABLE jobs_new PARTITION OF jobs FOR VALUES IN ('new');
CREATE TABLE jobs_rest PARTITION OF jobs DEFAULT;
CREATE TABLE plans (id bigint PRIMARY KEY, stages stage[] NOT NULL DEFAULT '{new}', at open_stage, CHECK (at::stage < 'done'));
CREATE INDEX plans_open ON plans (id) WHERE at::stage = 'new';
CREATE VIEW staged AS SELECT stage, count(*) AS jobs FROM jobs GROUP BY stage;
CREATE MATERIALIZED VIEW open_plans AS SELECT id, at FROM plans WHERE at::stage = 'new';
CREATE FUNCTION is_open(stage) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 < 'done' $$;
