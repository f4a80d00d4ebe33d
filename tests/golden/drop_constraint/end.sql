ALTER TABLE teams DROP CONSTRAINT teams_code_once;
ALTER TABLE people DROP CONSTRAINT people_team_id_fkey, DROP CONSTRAINT people_boss_fkey, DROP CONSTRAINT "Grown up", DROP CONSTRAINT people_age_excl;
ALTER TABLE readings DROP CONSTRAINT positive;
