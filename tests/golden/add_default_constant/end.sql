ALTER TABLE users ADD COLUMN plan text DEFAULT 'free', ADD COLUMN seats integer DEFAULT (2 * 2);
