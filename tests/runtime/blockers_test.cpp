// Who stands in a step's way: named before the try, displaced or ended by rule.
#include "runtime/blockers.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <thread>

#include "run_fixture.hpp"

namespace segue::runtime::test {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class BlockersTest : public RunTest {
 protected:
  // Dead rows, and a worker at them.
  bool autovacuum_begins() const {
    open()->exec(
        "ALTER TABLE users SET (autovacuum_vacuum_threshold = 1, "
        "autovacuum_vacuum_scale_factor = 0, autovacuum_analyze_threshold = 1000000); "
        "UPDATE users SET note = 'x'");
    return autovacuum_is_there();
  }
  // A worker that was displaced comes again.
  bool autovacuum_is_there() const {
    const planner::LockUse lock{{"public", "users"}, planner::LockMode::access_exclusive};
    for (int i = 0; i < 1000; ++i) {
      if (only_displaceable_autovacuum(blockers_of(*open(), {lock}))) return true;
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }
  std::string has_column() const {
    return ask(
        "SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = "
        "'display_name'");
  }
};

TEST_F(BlockersTest, ALongTransactionIsNamedBeforeTheFirstTry) {
  make_users(10);
  const auto reader = open("report");
  reader->exec("BEGIN; SELECT count(*) FROM users");
  std::this_thread::sleep_for(1200ms);
  std::jthread leaves([&] {
    std::this_thread::sleep_for(500ms);
    reader->exec("COMMIT");
  });
  apply_with(1, watched());
  ASSERT_FALSE(recorder_.waited.empty());
  EXPECT_THAT(recorder_.waited[0],
              HasSubstr(fmt::format("before its first try; in the way: pid {} (app report, idle in "
                                    "transaction for 1.",
                                    reader->backend_pid())));
}

// Its tables have the numbers of those that it was made from.
TEST_F(BlockersTest, AReaderOfADatabaseMadeFromThisOneIsNobodysBlocker) {
  make_users(10);
  const std::string clone = ask("SELECT current_database()") + "_clone";
  connect(server_->conninfo("postgres"))
      ->exec(
          fmt::format("CREATE DATABASE {} TEMPLATE {}", clone, ask("SELECT current_database()")));
  const auto elsewhere = connect(server_->conninfo(clone), "staging report");
  elsewhere->exec("BEGIN; LOCK TABLE users IN ACCESS SHARE MODE");
  const std::vector<planner::LockUse> lock{
      {{"public", "users"}, planner::LockMode::access_exclusive}};
  const auto here = open("segue");
  EXPECT_TRUE(blockers_of(*here, lock).empty());
  EXPECT_TRUE(blockers_of(*here, {}).empty());
  EXPECT_TRUE(end_readers(*here, lock, 0ms).empty());
  elsewhere->exec("COMMIT");
  const auto reader = open("report");
  reader->exec("BEGIN; LOCK TABLE users IN ACCESS SHARE MODE");
  EXPECT_EQ(blockers_of(*here, lock).size(), 1U);
  EXPECT_EQ(end_readers(*here, lock, 0ms).size(), 1U);
}

TEST_F(BlockersTest, AReaderIsEndedWhereThatIsAskedForAndAWriterNever) {
  make_users(10);
  const auto reader = open("report");
  const int pid = reader->backend_pid();
  reader->exec("BEGIN; SELECT count(*) FROM users");
  const auto writer = open("import");
  writer->exec("BEGIN; UPDATE users SET note = 'x' WHERE id = 1");
  ApplyOptions options = watched();
  options.run.lock_budget = 700ms;
  options.run.terminate_blockers = 1ms;
  const Failed failed = thrown_by<Failed>([&] { apply_with(1, options); });
  EXPECT_THAT(failed.what(), HasSubstr(fmt::format("pid {} (app import", writer->backend_pid())));
  EXPECT_THROW(reader->exec("SELECT 1"), DatabaseError);
  writer->exec("COMMIT");
  EXPECT_THAT(recorder_.said,
              Contains(HasSubstr(fmt::format("1.1 ended, as --terminate-blockers asks: pid {} (app "
                                             "report, idle in transaction",
                                             pid))));
  EXPECT_THAT(ask("SELECT detail FROM segue.event WHERE what = 'blocker ended'"),
              HasSubstr("app report"));
  apply_with(1, options);
  EXPECT_EQ(has_column(), "1");
}

TEST_F(BlockersTest, AHiddenSessionIsNotEndedAndTheGrantIsNamed) {
  make_users(10);
  open()->exec(
      "DO $$ BEGIN IF to_regrole('lead') IS NULL THEN CREATE ROLE lead LOGIN; END IF; EXECUTE "
      "format('GRANT CREATE ON DATABASE %I TO lead', current_database()); END $$; ALTER TABLE "
      "users OWNER TO lead");
  const auto reader = open("report");
  reader->exec("BEGIN; SELECT count(*) FROM users");
  ApplyOptions options = watched();
  options.phase = planner::Phase::expand;
  options.run.lock_budget = 400ms;
  options.run.terminate_blockers = 1ms;
  const auto as_lead = [&] { return connect(conninfo_ + " user=lead", "segue"); };
  const Failed failed =
      thrown_by<Failed>([&] { apply(plan_, options, as_lead, real_clock(), recorder_); });
  EXPECT_THAT(failed.what(),
              HasSubstr("whether a hidden one has only read is seen with GRANT pg_read_all_stats"));
  EXPECT_EQ(reader->exec("SELECT 1").scalar(), "1");
}

// It holds no row that the fill waits for.
TEST_F(BlockersTest, AFillThatWaitsForARowEndsNobody) {
  make_users(100);
  for (const int phase : {1, 2}) apply_phase(phase);
  const auto idle = open("report");
  idle->exec("BEGIN; LOCK TABLE users IN ROW EXCLUSIVE MODE");
  const auto writer = open("import");
  writer->exec("BEGIN; UPDATE users SET note = 'y' WHERE id = 1");
  std::string ended;
  std::jthread leaves([&] {
    std::this_thread::sleep_for(1500ms);
    try {
      idle->exec("COMMIT");  // the build of the index behind the fill waits for it
    } catch (const DatabaseError& error) {
      ended = error.what();
    }
    writer->exec("COMMIT");
  });
  ApplyOptions options = watched();
  options.run.terminate_blockers = 1ms;
  apply_with(3, options);
  leaves.join();
  EXPECT_GT(recorder_.waited.size(), 0U) << "the fill never waited: the test shows nothing";
  EXPECT_EQ(ended, "");
}

TEST_F(BlockersTest, NobodyIsEndedWithoutBeingAskedFor) {
  make_users(10);
  const auto reader = open("report");
  reader->exec("BEGIN; SELECT count(*) FROM users");
  ApplyOptions options = watched();
  options.run.lock_budget = 300ms;
  EXPECT_THROW(apply_with(1, options), Failed);
  EXPECT_EQ(reader->exec("SELECT 1").scalar(), "1");
}

ServerOptions slow_autovacuum() {
  ServerOptions options;
  options.settings = {{"autovacuum_naptime", "1s"},
                      {"autovacuum_vacuum_cost_delay", "100ms"},
                      {"autovacuum_vacuum_cost_limit", "1"}};
  return options;
}

// An ordinary autovacuum gives way to nobody whose lock_timeout is below deadlock_timeout.
TEST_F(BlockersTest, AnAutovacuumIsDisplacedOnce) {
  ThrowawayServer server(slow_autovacuum());
  conninfo_ = server.create_database("busy");
  make_users(3000);
  ASSERT_TRUE(autovacuum_begins());
  ApplyOptions options = watched();
  options.run.lock_budget = 10s;
  const ApplyReport report = apply_with(1, options);
  EXPECT_EQ(has_column(), "1");
  EXPECT_EQ(report.steps, 1U);
  EXPECT_EQ(recorder_.outcomes["1.1"].attempts, 2);
  EXPECT_THAT(recorder_.waited,
              Contains(HasSubstr("the next try is long enough for PostgreSQL to take it away")));
}

// It holds no row, so a fill that waits for one does not wait it out.
TEST_F(BlockersTest, AFillThatWaitsForARowLeavesAutovacuumAlone) {
  ThrowawayServer server(slow_autovacuum());
  conninfo_ = server.create_database("busy");
  make_users(3000);
  ASSERT_TRUE(autovacuum_begins());
  for (const int phase : {1, 2}) apply_phase(phase);
  ASSERT_TRUE(autovacuum_is_there());
  recorder_.waited.clear();  // the triggers did displace one
  const auto writer = open("import");
  writer->exec("BEGIN; UPDATE users SET note = 'y' WHERE id = 1");
  std::jthread leaves([&] {
    std::this_thread::sleep_for(1500ms);
    writer->exec("COMMIT");
  });
  apply_with(3, watched());
  EXPECT_THAT(
      recorder_.waited,
      Contains(HasSubstr(fmt::format("in the way: pid {} (app import", writer->backend_pid()))));
  EXPECT_THAT(recorder_.waited, testing::Each(Not(HasSubstr("autovacuum"))));
}

TEST_F(BlockersTest, OneThatPreventsWraparoundIsNotDisplaced) {
  Blocker worker;
  worker.state = "autovacuum worker";
  worker.query = "autovacuum: VACUUM public.users";
  EXPECT_TRUE(only_displaceable_autovacuum({worker}));
  Blocker wraparound = worker;
  wraparound.query += " (to prevent wraparound)";
  EXPECT_FALSE(only_displaceable_autovacuum({wraparound}));
  EXPECT_FALSE(only_displaceable_autovacuum({worker, wraparound}));
  Blocker app;
  app.state = "idle in transaction";
  EXPECT_FALSE(only_displaceable_autovacuum({worker, app}));
  EXPECT_FALSE(only_displaceable_autovacuum({}));
}

TEST_F(BlockersTest, AnIndexBuildNamesTheTransactionsThatItWillWaitFor) {
  make_users(100);
  for (const int phase : {1, 2}) apply_phase(phase);
  open()->exec("UPDATE users SET display_name = full_name");
  const auto report = open("report");
  report->exec("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pg_class");
  std::this_thread::sleep_for(1200ms);
  std::jthread leaves([&] {
    std::this_thread::sleep_for(1s);
    report->exec("COMMIT");
  });
  apply_with(3, watched());
  EXPECT_THAT(recorder_.waited,
              Contains(HasSubstr(fmt::format(
                  "for transactions that are older than it: pid {} (app report, idle in "
                  "transaction for",
                  report->backend_pid()))));
}

}  // namespace
}  // namespace segue::runtime::test
