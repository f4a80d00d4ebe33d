CREATE TABLE visits (id bigint, day date, note text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE visits_2 PARTITION OF visits FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
CREATE TABLE reports (visit_id bigint, visit_day date, UNIQUE (visit_id, visit_day)) PARTITION BY HASH (visit_id, visit_day);
CREATE TABLE reports_0 PARTITION OF reports FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE reports_1 PARTITION OF reports FOR VALUES WITH (MODULUS 2, REMAINDER 1);
