// Several changes in flight: on one table with writers of both, and two that want the same column.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

using ::testing::HasSubstr;

class SeveralChanges : public ::testing::Test {
 protected:
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override {
    if (!server_) server_ = std::make_unique<runtime::ThrowawayServer>();
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    conninfo_ = server_->create_database(test->name());
    session_ = runtime::connect(conninfo_);
    session_->exec(
        "CREATE TABLE users (id int PRIMARY KEY, a text, b text, c text); INSERT INTO users SELECT "
        "n, 'a' || n, 'b' || n FROM generate_series(1, 5000) n; CREATE INDEX users_a ON users (a); CREATE TABLE orders (id int "
        "PRIMARY "
        "KEY, user_id int REFERENCES users (id), a text)");
  }

  // `source`: --db, --snapshot, --schema with what follows it.
  Finished plan(const std::string& name, const std::string& change,
                std::vector<std::string> source = {}) {
    write_text(path(name + ".segue"), change);
    std::vector<std::string> words{SEGUE_BINARY, "plan", path(name + ".segue"), "--out",
                                   path(name)};
    if (source.empty()) source = {"--db", conninfo_};
    words.insert(words.end(), source.begin(), source.end());
    return run(words);
  }
  Finished apply(const std::string& name, int phase, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{
        SEGUE_BINARY, "apply",   path(name), "--phase", std::to_string(phase),
        "--db",       conninfo_, "--batch",  "100"};
    if (phase == 4) words.insert(words.end(), {"--release", "v2"});
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  std::string path(const std::string& name) const { return (directory_.path() / name).string(); }
  std::string ask(const std::string& sql) { return session_->exec(sql).scalar(); }

  TemporaryDirectory directory_;
  std::string conninfo_;
  std::unique_ptr<runtime::Session> session_;
  static inline std::unique_ptr<runtime::ThrowawayServer> server_;
};

TEST_F(SeveralChanges, OfOneTableRunTogether) {
  ASSERT_EQ(plan("one", "rename users.a -> x\n").exit_code, 0);
  ASSERT_EQ(apply("one", 1).exit_code, 0);
  ASSERT_EQ(apply("one", 2).exit_code, 0);
  // The second is planned while the first has its triggers there.
  const auto planned = plan("two", "rename users.b -> y\nrequire users.c\n  backfill 'c'\n");
  ASSERT_EQ(planned.exit_code, 0) << planned.both();
  ASSERT_EQ(plan("three", "rename orders.a -> z\n").exit_code, 0);
  for (const auto* name : {"two", "three"}) {
    for (int phase = 1; phase <= 2; ++phase) {
      const auto done = apply(name, phase);
      ASSERT_EQ(done.exit_code, 0) << done.both();
    }
  }

  std::atomic<bool> stop{false};
  std::atomic<int> statements{0};
  std::vector<std::string> failures(4);
  const auto writer = [&](std::size_t which) {
    const std::vector<std::string> sets{"a = 'v{0}', b = 'v{0}'", "x = 'v{0}'", "y = 'v{0}'",
                                        "x = 'v{0}', y = 'v{0}', c = NULL"};
    std::mt19937 random(static_cast<unsigned>(which));
    const auto session = runtime::connect(conninfo_);
    try {
      while (!stop) {
        session->exec(
            fmt::format(fmt::runtime("UPDATE users SET " + sets[which] + " WHERE id = {1}"),
                        random() % 1000, random() % 5000 + 1));
        ++statements;
      }
    } catch (const std::exception& problem) {
      failures.at(which) = problem.what();
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t which = 0; which < failures.size(); ++which) threads.emplace_back(writer, which);
  // One run at a time: the other waits for some seconds, and is told to come again after that.
  const auto apply_in_turn = [&](const std::string& name) {
    Finished done = apply(name, 3);
    while (done.exit_code == 3 && done.both().find("[second-runner]") != std::string::npos)
      done = apply(name, 3);
    return done;
  };
  Finished first;
  std::thread beside([&] { first = apply_in_turn("one"); });
  const auto second = apply_in_turn("two");
  beside.join();
  EXPECT_EQ(first.exit_code, 0) << first.both();
  EXPECT_EQ(second.exit_code, 0) << second.both();
  stop = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, std::vector<std::string>(4));
  EXPECT_GT(statements, 100);
  EXPECT_EQ(
      ask("SELECT count(*) FROM users WHERE a IS DISTINCT FROM x OR b IS DISTINCT FROM y OR c "
          "IS NULL"),
      "0");
  // The first goes all the way while the second is still there.
  for (const auto* name : {"one", "two"}) {
    const auto done = apply(name, 4);
    EXPECT_EQ(done.exit_code, 0) << name << ": " << done.both();
  }
  EXPECT_EQ(
      ask("SELECT string_agg(attname, ',' ORDER BY attname) FROM pg_attribute WHERE attrelid = "
          "'users'::regclass AND attnum > 0 AND NOT attisdropped"),
      "c,id,x,y");
}

TEST_F(SeveralChanges, OfOneColumnWaitForEachOther) {
  ASSERT_EQ(plan("one", "rename users.a -> x\n").exit_code, 0);
  ASSERT_EQ(plan("index_a", "index users(lower(a))\n").exit_code, 0);
  const std::string refused =
      "index_again.segue: refused: public.users.a: Change one touches this too; it stands in phase "
      "1 "
      "(expand) and is not contracted. [in-flight]\n"
      "  hint: Take one through its phase 4 first, then plan this change (`after one` in its "
      "header "
      "says so); or undo one.\n"
      "  to plan it all the same: --allow in-flight\n";
  ASSERT_EQ(apply("one", 1).exit_code, 0);

  const auto live = plan("index_again", "index users(lower(a))\n");
  EXPECT_EQ(live.exit_code, 3);
  EXPECT_THAT(live.err, ::testing::EndsWith(refused));
  const auto snapshot =
      run({SEGUE_BINARY, "snapshot", "--db", conninfo_, "--out", path("snapshot.json")});
  ASSERT_EQ(snapshot.exit_code, 0) << snapshot.both();
  const auto offline =
      plan("index_again", "index users(lower(a))\n", {"--snapshot", path("snapshot.json")});
  EXPECT_EQ(offline.exit_code, 3);
  EXPECT_THAT(offline.err, ::testing::EndsWith(refused));

  // A plan that was made before meets it at its phase 1.
  const auto late = apply("index_a", 1);
  EXPECT_EQ(late.exit_code, 3);
  EXPECT_THAT(late.err, HasSubstr("public.users.a: Change one touches this too"));
  EXPECT_THAT(late.err, HasSubstr("[in-flight]"));
  EXPECT_EQ(apply("index_a", 1, {"--allow", "in-flight"}).exit_code, 0);

  // What has the table as a whole waits for any column of it.
  const auto whole = plan("whole", "rename table users -> people\n");
  EXPECT_EQ(whole.exit_code, 3);
  EXPECT_THAT(whole.err, HasSubstr("refused: public.users: Change"));
  // Once the first is undone, nobody waits.
  for (const auto* name : {"index_a", "one"})
    ASSERT_EQ(run({SEGUE_BINARY, "undo", path(name), "--db", conninfo_}).exit_code, 0);
  EXPECT_EQ(plan("whole", "rename table users -> people\n").exit_code, 0);
}

TEST_F(SeveralChanges, APlanDirectoryTellsWhatASchemaFileDoesNot) {
  write_text(path("schema.sql"), "CREATE TABLE users (id int PRIMARY KEY, a text, b text);");
  const std::vector<std::string> schema{"--schema", path("schema.sql")};
  ASSERT_EQ(plan("one", "rename users.a -> x\n", schema).exit_code, 0);
  ASSERT_EQ(
      plan("two", "require users.b\n", {"--schema", path("schema.sql"), "--in-flight", path("one")})
          .exit_code,
      0);
  const auto refused = plan(
      "three", "require users.a\n",
      {"--schema", path("schema.sql"), "--in-flight", path("two"), "--in-flight", path("one")});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("refused: public.users.a: Change one touches this too; it is "
                                     "planned and is not contracted. [in-flight]"));
}

}  // namespace
}  // namespace segue::test
