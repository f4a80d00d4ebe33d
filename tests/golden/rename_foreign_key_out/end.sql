ALTER TABLE players RENAME COLUMN team TO team_id;
ALTER TABLE players RENAME COLUMN loan TO on_loan_from;
