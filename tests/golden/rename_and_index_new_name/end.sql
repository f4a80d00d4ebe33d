ALTER TABLE users RENAME COLUMN full_name TO display_name;
CREATE INDEX ON users (lower(display_name), country DESC) WHERE display_name IS NOT NULL;
CREATE INDEX users_by_name ON users (display_name text_pattern_ops);
ALTER TABLE users ADD CHECK (length(display_name) < 100);
