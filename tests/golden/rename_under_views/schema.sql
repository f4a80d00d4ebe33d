CREATE TABLE members (id bigint PRIMARY KEY, nick text, joined date);
CREATE VIEW member_names AS SELECT id, nick, upper(nick) AS loud FROM members;
CREATE VIEW old_members WITH (security_barrier = true) AS
  SELECT m.id, m.nick FROM members m WHERE m.joined < date '2020-01-01' AND m.nick <> 'nick';
CREATE VIEW loud_members AS SELECT loud FROM member_names WHERE nick LIKE 'N%';
COMMENT ON VIEW member_names IS 'For the newsletter.';
