-- Nothing is unique here, and anything may be NULL.
CREATE TABLE sessions (sid text, data text, hits integer, seen timestamp);
