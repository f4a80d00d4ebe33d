DROP INDEX people_email_idx, people_nick, "People Born", readings_value;
