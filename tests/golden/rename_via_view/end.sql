ALTER TABLE users RENAME full_name TO display_name;
ALTER TABLE users RENAME team TO team_id;
ALTER TABLE teams RENAME name TO title;
