DROP TABLE log_tags, logs, "Odd Table", readings;
