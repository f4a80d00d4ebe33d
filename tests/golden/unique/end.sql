ALTER TABLE seats ADD UNIQUE (hall, nr);
ALTER TABLE seats ADD CONSTRAINT seats_code_once UNIQUE (code);
