// That hazards are real: what the codes of grammar.md's table warn of, seen on a server, each
// beside the plan that names it.
#include "hazard_proofs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

namespace segue::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* cached = "cached plan must not change result type";

TEST_F(HazardProofs, PreparedStarFailsAfterPhases1And4UntilItIsPreparedAnew) {
  load("CREATE TABLE users (id int PRIMARY KEY, a text, b text)");
  ASSERT_EQ(plan("rename users.a -> c\n").exit_code, 0);
  EXPECT_THAT(notes(), HasSubstr("| `prepared-star` | `public.users` | From phase 1, and again "
                                 "from phase 4 on"));
  session_->exec("PREPARE star AS SELECT * FROM users; PREPARE named AS SELECT id, b FROM users");
  session_->exec("EXECUTE star");
  apply(1);
  EXPECT_THAT(failure("EXECUTE star"), HasSubstr(cached));
  EXPECT_THAT(failure("EXECUTE star"), HasSubstr(cached));
  session_->exec("DEALLOCATE star; PREPARE star AS SELECT * FROM users; EXECUTE star");
  apply(2);
  apply(3);
  session_->exec("EXECUTE star; EXECUTE named");
  apply(4);
  EXPECT_THAT(failure("EXECUTE star"), HasSubstr(cached));
  session_->exec("EXECUTE named");
}

TEST_F(HazardProofs, WithoutAColumnListValuesGoElsewhereAfterContract) {
  load(
      "CREATE TABLE users (id int PRIMARY KEY, a text, b text); CREATE TABLE old_users (LIKE "
      "users)");
  ASSERT_EQ(plan("rename users.a -> c\n").exit_code, 0);
  EXPECT_THAT(notes(), HasSubstr("In phase 4 columns change their places"));
  const std::string copy = "INSERT INTO old_users SELECT * FROM users";
  EXPECT_EQ(failure(copy), "");
  apply(1);
  EXPECT_THAT(failure(copy), HasSubstr("INSERT has more expressions than target columns"));
  apply(2);
  apply(3);
  session_->exec("INSERT INTO users VALUES (1, 'an a', 'a b')");
  EXPECT_EQ(value("SELECT c || ', ' || b FROM users WHERE id = 1"), "an a, a b");
  apply(4);
  session_->exec("INSERT INTO users VALUES (2, 'an a', 'a b')");
  EXPECT_EQ(value("SELECT c || ', ' || b FROM users WHERE id = 2"), "a b, an a");
}

constexpr const char* audited =
    "CREATE TABLE users (id int PRIMARY KEY, a text); CREATE TABLE audit (id int, a text);"
    "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO audit SELECT "
    "NEW.*; RETURN NULL; END';"
    "CREATE TRIGGER keep AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION keep()";

TEST_F(HazardProofs, ATriggerThatInsertsWholeRowsFailsTheOldReleasesWrites) {
  load(audited);
  const auto refused = plan("add users.b text\n");
  EXPECT_EQ(refused.exit_code, 3) << refused.both();
  EXPECT_THAT(refused.err, HasSubstr("insert-by-position"));
  ASSERT_EQ(plan("add users.b text\n", "insert-by-position").exit_code, 0);
  session_->exec("INSERT INTO users VALUES (1, 'x')");
  apply(1);
  EXPECT_THAT(failure("INSERT INTO users (id, a) VALUES (2, 'x')"),
              HasSubstr("INSERT has more expressions than target columns"));
}

constexpr const char* normalised =
    "CREATE TABLE users (id int PRIMARY KEY, a text);"
    "CREATE FUNCTION lower_a() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.a := lower(NEW.a); "
    "RETURN NEW; END';"
    "CREATE TRIGGER lower_a BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION "
    "lower_a(); INSERT INTO users VALUES (1, 'ONE')";

TEST_F(HazardProofs, WhatTheNewReleaseWritesPassesATriggerThatSetsTheOldColumn) {
  load(normalised);
  const auto refused = plan("rename users.a -> c\n");
  EXPECT_EQ(refused.exit_code, 3) << refused.both();
  EXPECT_THAT(refused.err, HasSubstr("trigger-sets-column"));
  ASSERT_EQ(plan("rename users.a -> c\n", "trigger-sets-column").exit_code, 0);
  apply(1);
  apply(2);
  session_->exec("UPDATE users SET c = 'TWO' WHERE id = 1");
  EXPECT_EQ(value("SELECT a FROM users"), "TWO") << "not lower case, for the old release";
}

// PostgreSQL takes the names byte by byte; segue's own is chosen behind the table's.
TEST_F(HazardProofs, AnOwnTriggerThatBearsSeguesPrefixFiresFirstAllTheSame) {
  load(
      "CREATE TABLE users (id int PRIMARY KEY, a text, n int);"
      "CREATE FUNCTION set_n() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.n := 7; RETURN NEW; "
      "END'; CREATE TRIGGER zz_segue_zzz BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION "
      "set_n()");
  ASSERT_EQ(plan("rename users.n -> m\n", "trigger-sets-column").exit_code, 0);
  apply(1);
  apply(2);
  session_->exec("INSERT INTO users (id) VALUES (1)");
  EXPECT_EQ(value("SELECT m FROM users"), "7");
  EXPECT_THAT(value("SELECT max(tgname) FROM pg_trigger WHERE tgrelid = 'users'::regclass"),
              StartsWith("zzzz_segue_sync"));
}

TEST_F(HazardProofs, ARuleOnUpdateKeepsRowsUnfilled) {
  load(
      "CREATE TABLE users (id int PRIMARY KEY, a text); INSERT INTO users VALUES (1);"
      "CREATE RULE stay AS ON UPDATE TO users DO INSTEAD NOTHING");
  const std::string change = "add users.b text required backfill 'x'\n";
  EXPECT_THAT(plan(change).err, HasSubstr("rule-on-update"));
  ASSERT_EQ(plan(change, "rule-on-update").exit_code, 0);
  apply(1);
  apply(2);
  const auto failed = try_phase(3);
  EXPECT_NE(failed.exit_code, 0) << failed.both();
  EXPECT_EQ(value("SELECT b IS NULL FROM users"), "t");
}

TEST_F(HazardProofs, ATriggerThatIsEnabledAlwaysFiresForTheFill) {
  load(
      "CREATE TABLE users (id int PRIMARY KEY, a text); INSERT INTO users VALUES (1), (2);"
      "CREATE TABLE fired (n int);"
      "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO fired VALUES "
      "(1); RETURN NULL; END'; CREATE TRIGGER tell AFTER UPDATE ON users FOR EACH ROW EXECUTE "
      "FUNCTION tell(); ALTER TABLE users ENABLE ALWAYS TRIGGER tell");
  const std::string change = "add users.b text required backfill 'x'\n";
  EXPECT_THAT(plan(change).err, HasSubstr("own-triggers-fire"));
  ASSERT_EQ(plan(change, "own-triggers-fire").exit_code, 0);
  for (int phase = 1; phase <= 3; ++phase) apply(phase);
  EXPECT_EQ(value("SELECT count(*) FROM fired"), "2");
}

TEST_F(HazardProofs, ATriggerThatTakesTheColumnsNameFailsAfterContract) {
  load(
      "CREATE TABLE pages (id int PRIMARY KEY, title text, words tsvector);"
      "CREATE TRIGGER words BEFORE INSERT ON pages FOR EACH ROW EXECUTE FUNCTION "
      "tsvector_update_trigger('words', 'pg_catalog.simple', 'title')");
  ASSERT_EQ(plan("rename pages.title -> heading\n").exit_code, 0);
  EXPECT_THAT(notes(), HasSubstr("| `own-trigger` (stops phase 4) | `words on public.pages` | The "
                                 "trigger hands the old column's name to its function"));
  for (int phase = 1; phase <= 3; ++phase) apply(phase);
  std::vector<std::string> contract{
      SEGUE_BINARY,  "apply",     (directory_.path() / "plan").string(),
      "--phase",     "4",         "--db",
      conninfo_,     "--release", "v2",
      "--skip-soak", "a test"};
  const auto refused = run(contract);
  EXPECT_EQ(refused.exit_code, 3) << refused.both();
  EXPECT_THAT(refused.both(), HasSubstr("trigger words on public.pages still needs"));
  contract.insert(contract.end(), {"--allow", "own-trigger"});
  const auto allowed = run(contract);
  ASSERT_EQ(allowed.exit_code, 0) << allowed.both();
  EXPECT_THAT(failure("INSERT INTO pages (id, heading) VALUES (1, 'x')"),
              HasSubstr("column \"title\" does not exist"));
}

TEST_F(HazardProofs, AFillOfRealRowsIsForetoldFromTheStatistics) {
  load(
      "CREATE TABLE users (id int PRIMARY KEY, a text); INSERT INTO users SELECT i, 'x' FROM "
      "generate_series(1, 120000) i; ANALYZE users");
  ASSERT_EQ(plan("rename users.a -> b\n").exit_code, 0);
  EXPECT_THAT(notes(), HasSubstr("- `users` has about 120 thousand rows ("));
  EXPECT_THAT(notes(), HasSubstr(" with its indexes): the fill takes 1 s to 2 s where the table is "
                                 "cached"));
}

TEST_F(HazardProofs, AKeyThatRunsOutFailsEveryInsertFromItsEndOn) {
  load(
      "CREATE TABLE users (id serial PRIMARY KEY, a text); CREATE TABLE orders (id integer "
      "GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id integer REFERENCES users);"
      "SELECT setval('users_id_seq', 2147483646), setval('orders_id_seq', 7)");
  ASSERT_EQ(plan("widen users.id -> bigint\n").exit_code, 0);
  EXPECT_THAT(notes(), HasSubstr("| `sequence-near-end` | `public.users.id` | Its values come from "
                                 "public.users_id_seq, which is at 2147483646 of 2147483647 (100 "
                                 "%): after 1 more an INSERT fails"));
  EXPECT_THAT(notes(), Not(HasSubstr("public.orders.id")));
  const std::string insert = "INSERT INTO users (a) VALUES ('x')";
  for (int phase = 1; phase <= 2; ++phase) apply(phase);
  EXPECT_EQ(failure(insert), "");
  EXPECT_THAT(failure(insert), HasSubstr("reached maximum value of sequence"));
  for (int phase = 3; phase <= 4; ++phase) apply(phase);
  EXPECT_EQ(failure(insert), "");
  EXPECT_EQ(value("SELECT max(id) FROM users"), "2147483648");
}

// Phase 3 lets the view read the new column; it goes on reading the one that is dropped.
TEST_F(HazardProofs, AViewThatReadsBothARenamedAndADroppedColumnStopsContract) {
  load(
      "CREATE TABLE users (id int PRIMARY KEY, a text, b text); CREATE VIEW v AS SELECT id, a, b "
      "FROM users; ALTER TABLE users ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON users USING (a "
      "<> b)");
  ASSERT_EQ(plan("rename users.a -> c\ndrop users.b\n").exit_code, 0);
  for (int phase = 1; phase <= 3; ++phase) apply(phase);
  const auto refused = try_phase(4);
  EXPECT_EQ(refused.exit_code, 3) << refused.both();
  EXPECT_THAT(refused.err, HasSubstr("view public.v still needs public.users.b"));
  EXPECT_THAT(refused.err, HasSubstr("policy p on public.users still needs public.users.b"));
  session_->exec(
      "DROP VIEW v; CREATE VIEW v AS SELECT id, c AS a FROM users; ALTER POLICY p ON users USING "
      "(c <> '')");
  apply(4);
}

TEST_F(HazardProofs, ForcedRowSecurityStopsAnOwnerWhomItBinds) {
  load(
      "CREATE TABLE users (id int PRIMARY KEY, a text); INSERT INTO users SELECT g, 'a' FROM "
      "generate_series(1, 100) g; ALTER TABLE users ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON "
      "users USING (id < 10); CREATE ROLE tenant LOGIN; ALTER TABLE users OWNER TO tenant");
  session_->exec("GRANT ALL ON DATABASE \"" + value("SELECT current_database()") +
                 "\" TO tenant; GRANT ALL ON SCHEMA public TO tenant");
  const std::string change = "rename users.a -> b\n";
  ASSERT_EQ(plan(change).exit_code, 0);
  EXPECT_THAT(notes(), Not(HasSubstr("forced-row-security"))) << "it does not bind the owner";
  std::filesystem::remove_all(directory_.path() / "plan");
  session_->exec("ALTER TABLE users FORCE ROW LEVEL SECURITY");
  ASSERT_EQ(plan(change).exit_code, 0);
  EXPECT_THAT(notes(), HasSubstr("| `forced-row-security` | `public.users` |"));
  const std::string superuser = std::exchange(conninfo_, conninfo_ + " user=tenant");
  apply(1);
  apply(2);
  const auto bound = try_phase(3);
  EXPECT_EQ(bound.exit_code, 1) << bound.both();
  EXPECT_THAT(bound.err, HasSubstr("would be affected by row-level security policy"));
  session_->exec("ALTER ROLE tenant BYPASSRLS");
  apply(3);
  apply(4);
  EXPECT_EQ(value("SELECT count(*) FROM users WHERE b = 'a'"), "100");
  session_->exec("DROP OWNED BY tenant CASCADE; DROP ROLE tenant");
}

// Phase 3 tries the swap, and what stops only contract must not stop that.
}  // namespace
}  // namespace segue::test
