CREATE TABLE users (id bigint PRIMARY KEY, score integer NOT NULL DEFAULT 5, rank integer);
CREATE INDEX users_score_idx ON users (score, rank);
