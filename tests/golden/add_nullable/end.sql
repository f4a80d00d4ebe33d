ALTER TABLE users ADD COLUMN nickname varchar(40);
COMMENT ON COLUMN users.nickname IS 'What friends say; may be anything, even it''s';
