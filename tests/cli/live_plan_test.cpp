// Plans made from a live database, and what hangs on its tables when they are applied.
#include "cli_fixture.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"

namespace segue::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class LivePlan : public CommandLine {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<runtime::ThrowawayServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  void SetUp() override {
    CommandLine::SetUp();
    static int number = 0;
    conninfo_ = server_->create_database("live_plan_" + std::to_string(++number));
  }
  void execute(const std::string& sql) const { runtime::connect(conninfo_)->exec(sql); }
  std::string ask(const std::string& sql) const {
    return runtime::connect(conninfo_)->exec(sql).scalar();
  }
  Finished plan(const std::string& change) const {
    write("a.segue", change);
    return segue({"plan", "a.segue", "--db", conninfo_, "--out", "plan"});
  }
  Finished apply(int phase, std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"apply", "plan",   "--phase", std::to_string(phase),
                                   "--db",  conninfo_};
    if (phase == 4) words.insert(words.end(), {"--release", "v2"});
    words.insert(words.end(), more.begin(), more.end());
    return segue(words);
  }
  void expect_applied(int phase) const {
    const Finished done = apply(phase);
    EXPECT_EQ(done.exit_code, 0) << "phase " << phase << ": " << done.both();
  }

  static std::unique_ptr<runtime::ThrowawayServer> server_;
  std::string conninfo_;
};

std::unique_ptr<runtime::ThrowawayServer> LivePlan::server_;

// Whole rows and column alias lists grow with the table: that is no drift.
TEST_F(LivePlan, WhatGrowsWithTheTableIsNoDrift) {
  execute(
      "CREATE TABLE t (id int PRIMARY KEY, a text);"
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
      "CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) "
      "EXECUTE FUNCTION f();"
      "CREATE INDEX whole ON t ((t.* IS NULL));"
      "CREATE VIEW v AS SELECT s.a FROM t AS s (i, a);"
      "CREATE VIEW w AS SELECT j.one FROM (t JOIN t AS u USING (id)) AS j (id, one, z)");
  const Finished planned = plan("add t.z int\n");
  ASSERT_EQ(planned.exit_code, 0) << planned.both();
  for (const int phase : {1, 2, 3}) expect_applied(phase);
  execute("CREATE OR REPLACE VIEW v AS SELECT s.i::text AS a FROM t AS s (i, a)");
  EXPECT_THAT(apply(2).err, HasSubstr("view public.v: definition changed"));
}

// Before phase 1 a renamed table has its old name, and a new one is not there.
TEST_F(LivePlan, LooksAheadInATableThatIsRenamed) {
  execute("CREATE TABLE a (id int PRIMARY KEY, w int); INSERT INTO a VALUES (1, 1), (2, NULL)");
  const Finished planned = plan(
      "create table c (id int primary key)\nrename table a -> b\nrequire b.w\n"
      "add b.c int\nreference b(c) -> c(id)\n");
  EXPECT_EQ(planned.exit_code, 0);
  EXPECT_THAT(planned.both(), AllOf(HasSubstr("id = 2"), Not(HasSubstr("does not exist"))));
}

}  // namespace
}  // namespace segue::test
