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

// The plan is as good without it, and phase 3 asks again.
TEST_F(LivePlan, WhereRowsMayNotBeReadTheForecastSaysSo) {
  execute(
      "CREATE TABLE a (id int PRIMARY KEY, w int); INSERT INTO a VALUES (1, NULL);"
      "CREATE ROLE planner LOGIN");
  write("a.segue", "require a.w\n");
  const Finished planned =
      segue({"plan", "a.segue", "--db", conninfo_ + " user=planner", "--out", "plan"});
  EXPECT_EQ(planned.exit_code, 0) << planned.both();
  EXPECT_THAT(planned.both(),
              AllOf(HasSubstr("whether phase 2 would stop today could not be looked at"),
                    HasSubstr("permission denied for table a")));
  EXPECT_TRUE(exists("plan/3_backfill.sql"));
}

// What PostgreSQL lets nobody drop a column under is told when the plan is made, and the gate says
// what helps.
TEST_F(LivePlan, HardDependentsOfAColumnThatKeepsItsName) {
  execute(
      "CREATE TABLE t (id int PRIMARY KEY, n int, a varchar(5));"
      "CREATE TABLE o (id int PRIMARY KEY, x int);"
      "CREATE VIEW v AS SELECT a FROM t;"
      "CREATE FUNCTION g(v) RETURNS text LANGUAGE sql AS 'SELECT $1.a';"
      "ALTER TABLE o ENABLE ROW LEVEL SECURITY;"
      "CREATE POLICY q ON o USING (x IN (SELECT n FROM t));"
      "CREATE RULE r AS ON DELETE TO o DO INSTEAD UPDATE t SET n = 0 WHERE n = old.x;" +
      std::string(server_->major() < 14 ? ""
                                        : "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN "
                                          "ATOMIC SELECT sum(n) FROM t; END;"));
  const Finished planned = plan("retype t.n -> bigint\nretype t.a -> text\n");
  ASSERT_EQ(planned.exit_code, 0) << planned.both();
  const std::string notes = read("plan/DEPLOY.md");
  EXPECT_THAT(notes, AllOf(HasSubstr("function public.g(public.v) stands on it"),
                           HasSubstr("| `policy` (stops phase 4) | `q on public.o` |"),
                           HasSubstr("| `rule` (stops phase 4) | `r on public.o` |")));
  if (server_->major() >= 14) {
    EXPECT_THAT(notes, HasSubstr("| `function-body` (stops phase 4) | `public.f()` |"));
  }
  for (const int phase : {1, 2, 3}) expect_applied(phase);
  const Finished refused = apply(4, {"--allow", "policy", "--allow", "view"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("policy q on public.o still needs public.t.n"),
                                 HasSubstr("view public.v still needs public.t.a"),
                                 HasSubstr("Drop the view, and create it again after"),
                                 Not(HasSubstr("--allow")), Not(HasSubstr("new column"))));
  execute("DROP POLICY q ON o; DROP RULE r ON o; DROP FUNCTION g(v); DROP VIEW v");
  if (server_->major() >= 14) execute("DROP FUNCTION f()");
  expect_applied(4);
  EXPECT_EQ(ask("SELECT string_agg(format_type(atttypid, NULL), ',' ORDER BY attname) FROM "
                "pg_attribute WHERE attrelid = 't'::regclass AND attname IN ('a', 'n')"),
            "text,bigint");
}

}  // namespace
}  // namespace segue::test
