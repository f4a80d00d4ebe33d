// Steering a run from another terminal, as a user does it: two programs and a ledger between.
#include <chrono>
#include <csignal>
#include <thread>

#include "cli_fixture.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"

namespace segue::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class LiveControl : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    conninfo_ = server_.create_database("app");
    execute(
        "CREATE TABLE users (id bigint PRIMARY KEY, full_name text);"
        "INSERT INTO users SELECT g, 'name ' || g FROM generate_series(1, 40000) g; ANALYZE users");
    write("schema.sql", "CREATE TABLE users (id bigint PRIMARY KEY, full_name text);\n");
    write("a.segue", "change a\nrename users.full_name -> display_name\n");
    ASSERT_EQ(segue({"plan", "a.segue", "--schema", "schema.sql", "--out", "plan"}).err, "");
    for (const char* phase : {"1", "2"}) {
      ASSERT_EQ(segue({"apply", "plan", "--phase", phase, "--db", conninfo_}).err, "");
    }
  }
  void execute(const std::string& sql) const { runtime::connect(conninfo_)->exec(sql); }
  Finished control(const std::string& verb) const {
    return segue({verb, "plan", "--db", conninfo_});
  }
  std::vector<std::string> apply(const std::string& more) const {
    return {SEGUE_PROGRAM, "apply", "plan", "--phase", "3", "--db", conninfo_, "--batch", more};
  }
  bool status_says(const std::string& text) const {
    for (int i = 0; i < 100; ++i) {
      if (segue({"status", "--db", conninfo_}).out.find(text) != std::string::npos) return true;
      std::this_thread::sleep_for(50ms);
    }
    return false;
  }

  runtime::ThrowawayServer server_;
  std::string conninfo_;
};

TEST_F(LiveControl, PausedSeenAndResumed) {
  EXPECT_EQ(control("pause").out, "a: its rows wait until: segue resume DIR\n");
  Process run(apply("5000"), directory_.path());
  EXPECT_TRUE(status_says("a 3.1 waits: paused by postgres\n"));
  EXPECT_TRUE(run.running());
  EXPECT_EQ(control("resume").out, "a: its rows go at their own pace\n");
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.both();
  EXPECT_THAT(finished.out, HasSubstr("  3.1 waits: paused by postgres\n"));
  EXPECT_EQ(control("faster").out, "a: its rows go faster (1 of 3)\n");
  EXPECT_EQ(control("pause").out,
            "a: its rows wait until: segue resume DIR; then they go faster (1 of 3)\n");
}

TEST_F(LiveControl, SignalsPauseAndEndIt) {
  Process run(apply("20"), directory_.path());
  EXPECT_TRUE(status_says("a 3.1 works: 20 rows at a time"));
  run.send(SIGUSR1);
  EXPECT_TRUE(status_says("a 3.1 waits: paused by SIGUSR1 (SIGUSR2 goes on)\n"));
  run.send(SIGUSR2);
  EXPECT_TRUE(status_says("a 3.1 works: "));
  run.send(SIGTERM);
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.err,
            "segue: step 3.1: ended by SIGTERM; what was begun is committed or rolled back\n"
            "  hint: Run the same command again: it goes on from here.\n");
  const Finished again = segue::test::run(apply("5000"), directory_.path());
  EXPECT_EQ(again.exit_code, 0) << again.both();
}

TEST_F(LiveControl, AChangeThatTheDatabaseNeverMet) {
  const std::string other = server_.create_database("other");
  const Finished finished = segue({"pause", "plan", "--db", other});
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(finished.err,
            "segue: refused: this database has never met a: there is no run to steer "
            "[not-applied]\n  hint: Look whether --db names the right database.\n");
}

}  // namespace
}  // namespace segue::test
