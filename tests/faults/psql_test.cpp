// The plan's files by psql alone: roles, settings and columns that segue itself would go around.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

using ::testing::HasSubstr;

class UnderPsql : public ::testing::Test {
 protected:
  static void TearDownTestSuite() { server_.reset(); }

  void begin(const std::string& schema) {
    if (!server_) server_ = std::make_unique<runtime::ThrowawayServer>();
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    conninfo_ = server_->create_database(test->name());
    session_ = runtime::connect(conninfo_);
    session_->exec(schema);
  }
  void plan(const std::string& change, const std::vector<std::string>& more = {}) {
    write_text(directory_.path() / "change.segue", change);
    std::vector<std::string> command{SEGUE_BINARY, "plan",  "change.segue", "--db",
                                     conninfo_,    "--out", "plan"};
    command.insert(command.end(), more.begin(), more.end());
    const auto planned = run(command, directory_.path());
    ASSERT_EQ(planned.exit_code, 0) << planned.both();
  }
  Finished psql(int phase, const std::string& role = "postgres") {
    constexpr const char* files[] = {"1_expand.sql", "2_dual_write.sql", "3_backfill.sql",
                                     "4_contract.sql"};
    if (phase == 4) {
      session_->exec(
          "SELECT segue.ack(name, 'v2'), segue.skip_soak(name, 'a test') FROM segue.change");
    }
    return run({"psql", "-X", "-q", "-d", conninfo_ + " user=" + role, "-f",
                (directory_.path() / "plan" / files[phase - 1]).string()});
  }
  void run_phases(int first, int last, const std::string& role = "postgres") {
    for (int phase = first; phase <= last; ++phase) {
      const auto done = psql(phase, role);
      ASSERT_EQ(done.exit_code, 0) << "phase " << phase << ": " << done.both();
    }
  }
  std::string value(const std::string& sql) { return session_->exec(sql).scalar(); }

  TemporaryDirectory directory_;
  std::string conninfo_;
  std::unique_ptr<runtime::Session> session_;
  static inline std::unique_ptr<runtime::ThrowawayServer> server_;
};

// Names of the blocks' own variables and aliases, and of the block's label.
TEST_F(UnderPsql, ColumnsThatAreCalledAsAVariableIs) {
  begin(
      "CREATE TABLE segue_fill (v text PRIMARY KEY, found text, segue_lower int, segue_upper int, "
      "segue_batch int, segue_filled int, segue_pass int); INSERT INTO segue_fill SELECT 'n' || g, "
      "NULLIF(g, 7)::text, -g, -g, -g, -g, -g FROM generate_series(1, 30000) g");
  plan(
      "rename segue_fill.segue_lower -> segue_fill_\nrename segue_fill.found -> v2\n"
      "require segue_fill.v2\n");
  run_phases(1, 2);
  const auto listed = psql(3);
  EXPECT_EQ(listed.exit_code, 3);
  EXPECT_THAT(listed.err, HasSubstr("DETAIL:  (n7"));
  session_->exec("UPDATE segue_fill SET found = '7' WHERE v = 'n7'");
  run_phases(3, 4);
  EXPECT_EQ(value("SELECT count(*) FROM segue_fill WHERE segue_fill_ = segue_upper"), "30000");
}

}  // namespace
}  // namespace segue::test
