SET session_replication_role = replica;
UPDATE visits SET fee = 0 WHERE fee < 0;
UPDATE people SET boss_id = NULL WHERE boss_id = 9999;
RESET session_replication_role;
CREATE INDEX ON people (lower(name));
CREATE INDEX ON people ((data ->> 'k') DESC) WHERE born_year > 1960;
CREATE INDEX ON days (hall) INCLUDE (open);
ALTER TABLE people ADD UNIQUE (slug), ADD CONSTRAINT people_by_year UNIQUE (born_year, id), ADD CHECK (born_year > 1900),
  ADD FOREIGN KEY (boss_id) REFERENCES people ON DELETE SET NULL;
ALTER TABLE visits ADD CHECK (fee >= 0), ADD FOREIGN KEY (person_id) REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED,
  ADD FOREIGN KEY (day, hall) REFERENCES days (day, hall) ON UPDATE CASCADE;
ALTER TABLE halls ADD PRIMARY KEY (nr);
