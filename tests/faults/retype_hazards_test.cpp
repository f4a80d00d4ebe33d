// Those of a column that gets another type under its own name.
#include "hazard_proofs.hpp"

namespace segue::test {
namespace {

using ::testing::HasSubstr;

using RetypeHazards = HazardProofs;

TEST_F(RetypeHazards, AParameterKeepsTheTypeThatItWasPreparedWith) {
  load(
      "CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE TABLE users (id int PRIMARY KEY, n int, "
      "mood text)");
  ASSERT_EQ(
      plan("retype users.n -> bigint\nretype users.mood -> mood using (mood::mood)\n").exit_code,
      0);
  EXPECT_THAT(notes(), HasSubstr("a parameter that a prepared statement compares with n, mood or "
                                 "writes there keeps the old type"));
  session_->exec(
      "PREPARE put AS INSERT INTO users (id, n) VALUES ($1, $2); PREPARE find AS SELECT id FROM "
      "users WHERE mood = $1; PREPARE say AS UPDATE users SET mood = $1; EXECUTE put(1, 1); "
      "EXECUTE find('sad')");
  for (int phase = 1; phase <= 4; ++phase) apply(phase);
  session_->exec("EXECUTE put(2, 2)");
  EXPECT_THAT(failure("EXECUTE put(3, 3000000000)"), HasSubstr("integer out of range"));
  EXPECT_THAT(failure("EXECUTE find('sad')"), HasSubstr("operator does not exist: mood = text"));
  EXPECT_THAT(failure("EXECUTE say('sad')"),
              HasSubstr("is of type mood but expression is of type"));
  session_->exec("DEALLOCATE ALL; PREPARE put AS INSERT INTO users (id, n) VALUES ($1, $2)");
  session_->exec("EXECUTE put(3, 3000000000)");
}

TEST_F(RetypeHazards, AMaterializedViewBelowAViewStopsContractAndNotPhase3) {
  load(
      "CREATE TABLE users (id int PRIMARY KEY, score int); INSERT INTO users VALUES (1, 10); "
      "CREATE VIEW scores AS SELECT id, score FROM users; CREATE MATERIALIZED VIEW kept AS SELECT "
      "score "
      "FROM users; CREATE VIEW best AS SELECT max(score) AS score FROM kept; CREATE VIEW paired AS "
      "SELECT s.id, b.score FROM scores s, best b");
  ASSERT_EQ(plan("retype users.score -> bigint\n").exit_code, 0);
  EXPECT_THAT(
      notes(),
      HasSubstr("| `materialized-view` (stops phase 4) | `public.kept` | It reads a column whose "
                "type changes"));
  EXPECT_THAT(notes(), HasSubstr("Drop it before contract, with what reads it (public.best), and "
                                 "create it again after it"));
  EXPECT_THAT(
      notes(),
      HasSubstr(
          "| `view` (stops phase 4) | `public.scores` | It reads a column whose type changes, "
          "and PostgreSQL cannot change the type of a view's column; it "
          "cannot step aside by itself: public.paired stands on it."));
  for (int phase = 1; phase <= 3; ++phase) apply(phase);
  const auto refused = try_phase(4);
  EXPECT_EQ(refused.exit_code, 3) << refused.both();
  EXPECT_THAT(refused.err, HasSubstr("public.kept still needs public.users.score"));
  session_->exec("DROP VIEW paired, best, scores; DROP MATERIALIZED VIEW kept");
  apply(4);
  EXPECT_EQ(value("SELECT pg_typeof(score) FROM users"), "bigint");
}

TEST_F(RetypeHazards, AViewStepsAsideBesideAMaterializedOne) {
  load(
      "CREATE TABLE users (id int PRIMARY KEY, score int); INSERT INTO users VALUES (1, 10); "
      "CREATE VIEW scores AS SELECT id, score FROM users; CREATE MATERIALIZED VIEW kept AS SELECT "
      "score "
      "FROM users; CREATE VIEW best AS SELECT max(score) AS score FROM kept");
  ASSERT_EQ(plan("retype users.score -> bigint\n").exit_code, 0);
  EXPECT_THAT(read_text(directory_.path() / "plan" / "3_backfill.sql"),
              HasSubstr("DROP VIEW IF EXISTS public.best RESTRICT;\nDROP MATERIALIZED VIEW IF "
                        "EXISTS public.kept RESTRICT;\n"));
  for (int phase = 1; phase <= 3; ++phase) apply(phase);
  EXPECT_EQ(value("SELECT score FROM best"), "10") << "the trial is taken back";
  session_->exec("DROP VIEW best; DROP MATERIALIZED VIEW kept");
  apply(4);
  EXPECT_EQ(value("SELECT pg_typeof(score) FROM scores"), "bigint");
}

TEST_F(RetypeHazards, ABodyThatPostgresqlKeepsParsedStopsContractAndNotPhase3) {
  if (server_major() < 14) GTEST_SKIP() << "PostgreSQL 14 has such bodies";
  load(
      "CREATE TABLE users (id int PRIMARY KEY, score int); CREATE VIEW scores AS SELECT id, score "
      "FROM users; CREATE FUNCTION best() RETURNS bigint BEGIN ATOMIC SELECT max(score) FROM "
      "users; "
      "END");
  ASSERT_EQ(plan("retype users.score -> bigint\n").exit_code, 0);
  EXPECT_THAT(notes(), HasSubstr("| `function-body` (stops phase 4) | `public.best()` |"));
  for (int phase = 1; phase <= 3; ++phase) apply(phase);
  session_->exec("DROP FUNCTION best");
  apply(4);
  EXPECT_EQ(value("SELECT pg_typeof(max(score)) FROM scores"), "bigint");
}

}  // namespace
}  // namespace segue::test
