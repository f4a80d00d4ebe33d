// The application keeps both columns equal: what the backfill leaves alone, and what stops a phase.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

using ::testing::HasSubstr;

class ByApp : public ::testing::Test {
 protected:
  static void TearDownTestSuite() { server_.reset(); }

  void load(const std::string& schema, const std::string& change) {
    if (!server_) server_ = std::make_unique<runtime::ThrowawayServer>();
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    conninfo_ = server_->create_database(test->name());
    session_ = runtime::connect(conninfo_);
    session_->exec(schema);
    write_text(directory_.path() / "change.segue", change);
    const auto planned =
        run({SEGUE_BINARY, "plan", "change.segue", "--db", conninfo_, "--out", "plan"},
            directory_.path());
    ASSERT_EQ(planned.exit_code, 0) << planned.both();
    for (const char* phase : {"1", "2"}) ASSERT_EQ(apply(phase).exit_code, 0);
    EXPECT_EQ(ask("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"), "0");
  }

  Finished apply(const std::string& phase) {
    return run({SEGUE_BINARY, "apply", (directory_.path() / "plan").string(), "--phase", phase,
                "--db", conninfo_, "--release", "v2"});
  }
  std::string ask(const std::string& sql) { return session_->exec(sql).scalar(); }

  TemporaryDirectory directory_;
  std::string conninfo_;
  std::unique_ptr<runtime::Session> session_;
  static inline std::unique_ptr<runtime::ThrowawayServer> server_;
};

TEST_F(ByApp, FillsWhatIsMissingAndListsWhatDiffers) {
  load(
      "CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t SELECT n, 'v' || n FROM "
      "generate_series(1, 2000) n",
      "rename t.a -> b via app\n");

  // One release writes both, another only the old one, one makes a mistake.
  session_->exec(
      "UPDATE t SET a = 'both', b = 'both' WHERE id = 1; UPDATE t SET a = 'old' WHERE id = 2;"
      "UPDATE t SET a = 'one', b = 'other' WHERE id = 3; INSERT INTO t VALUES (2001, NULL, 'new')");
  const auto stopped = apply("3");
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_THAT(stopped.err, HasSubstr("rows of public.t have a b that is not their a"));
  EXPECT_THAT(stopped.err, HasSubstr("id = 3"));
  EXPECT_THAT(stopped.err, HasSubstr("id = 2001"));
  EXPECT_EQ(ask("SELECT b FROM t WHERE id = 3"), "other") << "the app's word was overwritten";
  EXPECT_EQ(ask("SELECT b FROM t WHERE id = 2"), "old");
  session_->exec("UPDATE t SET b = 'one' WHERE id = 3; UPDATE t SET a = b WHERE id = 2001");
  const auto filled = apply("3");
  EXPECT_EQ(filled.exit_code, 0) << filled.both();
  EXPECT_EQ(ask("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b"), "0");

  // From here on PostgreSQL itself holds the promise that contract stands on.
  EXPECT_THROW(session_->exec("UPDATE t SET a = 'alone' WHERE id = 1"), std::exception);
  session_->exec("UPDATE t SET a = 'x', b = 'x' WHERE id = 1");
  const auto contracted = apply("4");
  EXPECT_EQ(contracted.exit_code, 0) << contracted.both();
  EXPECT_EQ(ask("SELECT b FROM t WHERE id = 1"), "x");
}

TEST_F(ByApp, MovesWhatTheApplicationKeepsInStepAndLooksOnceMore) {
  load(
      "CREATE TABLE users (id int PRIMARY KEY, bio text NOT NULL);"
      "CREATE TABLE profiles (user_id int PRIMARY KEY REFERENCES users ON DELETE CASCADE);"
      "INSERT INTO users SELECT n, 'v' || n FROM generate_series(1, 1000) n;"
      "INSERT INTO profiles SELECT n FROM generate_series(1, 999) n",
      "move users.bio -> profiles.bio on (profiles.user_id = users.id) via app\n");
  session_->exec(
      "UPDATE users SET bio = 'both' WHERE id = 1; UPDATE profiles SET bio = 'both' WHERE user_id "
      "= 1; UPDATE users SET bio = 'one' WHERE id = 2; UPDATE profiles SET bio = 'other' WHERE "
      "user_id = 2");
  const auto nowhere = apply("3");
  EXPECT_EQ(nowhere.exit_code, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("id = 1000"));
  session_->exec("INSERT INTO profiles VALUES (1000, 'v1000')");
  const auto stopped = apply("3");
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_THAT(stopped.err, HasSubstr("user_id = 2"));
  EXPECT_EQ(ask("SELECT bio FROM profiles WHERE user_id = 2"), "other");
  EXPECT_EQ(ask("SELECT bio FROM profiles WHERE user_id = 3"), "v3");
  session_->exec("UPDATE profiles SET bio = 'one' WHERE user_id = 2");
  const auto filled = apply("3");
  ASSERT_EQ(filled.exit_code, 0) << filled.both();

  // No CHECK spans two tables: contract reads them once more.
  session_->exec("UPDATE users SET bio = 'alone' WHERE id = 7");
  const auto refused = apply("4");
  EXPECT_EQ(refused.exit_code, 3) << refused.both();
  EXPECT_THAT(refused.err, HasSubstr("user_id = 7"));
  session_->exec("UPDATE profiles SET bio = 'alone' WHERE user_id = 7");
  const auto contracted = apply("4");
  ASSERT_EQ(contracted.exit_code, 0) << contracted.both();
  EXPECT_EQ(ask("SELECT bio FROM profiles WHERE user_id = 7"), "alone");
}

TEST_F(ByApp, RepairsRowsThatAreThereAndLetsTheApplicationWriteRightOnes) {
  load(
      "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, gone text NOT NULL); INSERT INTO t "
      "SELECT i, i % 3 - 1, 'x' FROM generate_series(1, 300) i",
      "check t (n >= 0)\n  repair n = 0\n  via app\ndrop t.gone via app\n");
  session_->exec("INSERT INTO t VALUES (1000, -5, 'y')");
  EXPECT_EQ(ask("SELECT n FROM t WHERE id = 1000"), "-5") << "nothing mends what is written";
  const auto filled = apply("3");
  ASSERT_EQ(filled.exit_code, 0) << filled.both();
  EXPECT_EQ(ask("SELECT count(*) FROM t WHERE n < 0"), "0");
  EXPECT_THROW(session_->exec("INSERT INTO t VALUES (1001, -5, 'y')"), std::exception);
  EXPECT_THROW(session_->exec("INSERT INTO t (id, n) VALUES (1001, 5)"), std::exception)
      << "the old release relies on NOT NULL, and the application keeps to it";
  const auto contracted = apply("4");
  ASSERT_EQ(contracted.exit_code, 0) << contracted.both();
  session_->exec("INSERT INTO t VALUES (1001, 5)");
}

}  // namespace
}  // namespace segue::test
