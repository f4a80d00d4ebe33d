CREATE SCHEMA app;
CREATE TABLE members (id bigint, score integer NOT NULL, "Nick ""n""" varchar(20), joined date, CONSTRAINT members_pkey PRIMARY KEY (id));
CREATE TABLE fees (id bigint PRIMARY KEY, member_id bigint REFERENCES members (id), cents integer);

-- Names, options, expressions, defaults, comments and triggers of their own.
CREATE VIEW "Member's names" WITH (security_barrier = true) AS
  SELECT m.id, m."Nick ""n""" AS nick, upper(m."Nick ""n""") AS "LOUD", m.score + 1 AS next_score
    FROM members m WHERE m.score > 10 AND m."Nick ""n""" LIKE 'N%';
COMMENT ON VIEW "Member's names" IS 'For the ''newsletter''.';
COMMENT ON COLUMN "Member's names"."LOUD" IS 'shouted; not printed';
CREATE VIEW app.easy AS SELECT id, score, joined FROM members WHERE joined > date '2020-01-01' WITH LOCAL CHECK OPTION;
ALTER VIEW app.easy ALTER COLUMN joined SET DEFAULT date '2024-02-29';
-- Views over views, and one that rests on a primary key.
CREATE VIEW app.louder AS SELECT "LOUD" || '!' AS louder, next_score FROM "Member's names";
CREATE VIEW owed AS SELECT f.id, f.cents, m.joined FROM fees f JOIN members m ON m.id = f.member_id;
CREATE VIEW owed_list AS SELECT o.cents AS amount, o.joined FROM owed o;
CREATE VIEW counted AS SELECT m.id, m.score, count(f.id) AS fees FROM members m LEFT JOIN fees f ON f.member_id = m.id GROUP BY m.id;
CREATE VIEW unconcerned AS SELECT id, joined FROM members;

CREATE FUNCTION keep_loud() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE members SET joined = current_date WHERE id = OLD.id;
  RETURN NEW;
END
$$;
CREATE TRIGGER "keep; loud" INSTEAD OF UPDATE ON app.louder FOR EACH ROW EXECUTE FUNCTION keep_loud();
CREATE RULE no_delete AS ON DELETE TO owed DO INSTEAD NOTHING;

-- Roles are the server's, not the database's.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'Retype Owner') THEN CREATE ROLE "Retype Owner"; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'retype reader') THEN CREATE ROLE "retype reader"; END IF;
END
$$;
GRANT SELECT ON members TO "Retype Owner";
ALTER VIEW app.easy OWNER TO "Retype Owner";
GRANT SELECT, UPDATE ON app.easy TO "retype reader" WITH GRANT OPTION;
GRANT SELECT ("LOUD") ON "Member's names" TO PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO "retype reader";
