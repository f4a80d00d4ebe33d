DROP VIEW app.louder, "Member's names", app.easy, owed_list, owed, counted;
ALTER TABLE members ALTER COLUMN score TYPE bigint, ALTER COLUMN "Nick ""n""" TYPE text;
ALTER TABLE fees ALTER COLUMN cents TYPE numeric(12,2) USING cents / 100.0;
ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM "retype reader";
CREATE VIEW "Member's names" WITH (security_barrier = true) AS
  SELECT m.id, m."Nick ""n""" AS nick, upper(m."Nick ""n""") AS "LOUD", m.score + 1 AS next_score
    FROM members m WHERE m.score > 10 AND m."Nick ""n""" LIKE 'N%';
COMMENT ON VIEW "Member's names" IS 'For the ''newsletter''.';
COMMENT ON COLUMN "Member's names"."LOUD" IS 'shouted; not printed';
CREATE VIEW app.easy AS SELECT id, score, joined FROM members WHERE joined > date '2020-01-01' WITH LOCAL CHECK OPTION;
ALTER VIEW app.easy ALTER COLUMN joined SET DEFAULT date '2024-02-29';
CREATE VIEW app.louder AS SELECT "LOUD" || '!' AS louder, next_score FROM "Member's names";
CREATE VIEW owed AS SELECT f.id, f.cents, m.joined FROM fees f JOIN members m ON m.id = f.member_id;
CREATE VIEW owed_list AS SELECT o.cents AS amount, o.joined FROM owed o;
CREATE VIEW counted AS SELECT m.id, m.score, count(f.id) AS fees FROM members m LEFT JOIN fees f ON f.member_id = m.id GROUP BY m.id;
CREATE TRIGGER "keep; loud" INSTEAD OF UPDATE ON app.louder FOR EACH ROW EXECUTE FUNCTION keep_loud();
CREATE RULE no_delete AS ON DELETE TO owed DO INSTEAD NOTHING;
ALTER VIEW app.easy OWNER TO "Retype Owner";
GRANT SELECT, UPDATE ON app.easy TO "retype reader" WITH GRANT OPTION;
GRANT SELECT ("LOUD") ON "Member's names" TO PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO "retype reader";
