// DDL beside an app that holds locks: nobody waits long, and what stands in the way has a name.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "run_fixture.hpp"
#include "runtime/blockers.hpp"
#include "runtime/concurrent_index.hpp"
#include "runtime/ddl.hpp"

namespace segue::runtime::test {
namespace {

using std::chrono::milliseconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class LocksTest : public RunTest {};

TEST_F(LocksTest, AnIdleReaderHoldsUpTheStepAndNotTheApp) {
  make_users(1000);
  const auto reader = open("report");
  reader->exec("BEGIN; SELECT count(*) FROM users");
  std::atomic<bool> over = false;
  std::atomic<int> statements = 0;
  std::atomic<double> longest = 0;
  std::jthread app([&] {
    const auto session = open("app");
    while (!over) {
      const auto start = std::chrono::steady_clock::now();
      session->exec("SELECT note FROM users WHERE id = 7");
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
      longest = std::max(longest.load(), took.count());
      ++statements;
    }
  });
  std::jthread leaves([&] {
    std::this_thread::sleep_for(milliseconds(2500));
    reader->exec("COMMIT");
  });
  const ApplyReport report = apply_phase(1);
  over = true;
  app.join();
  EXPECT_EQ(report.steps, 1U);
  EXPECT_GT(recorder_.outcomes["1.1"].attempts, 2);
  // The statement that queues behind a try waits no longer than the try.
  EXPECT_LT(longest, 0.5);
  EXPECT_GT(longest, 0.05) << "no statement ever waited behind a try: the test shows nothing";
  EXPECT_GT(statements, 100);
  EXPECT_GT(report.longest_lock_wait_ms, 100);
  EXPECT_LT(report.longest_lock_wait_ms, 500);
  ASSERT_FALSE(recorder_.waited.empty());
  EXPECT_THAT(recorder_.waited[0],
              HasSubstr(fmt::format("in the way: pid {} (app report, idle in transaction for",
                                    reader->backend_pid())));
  EXPECT_THAT(recorder_.waited[0], HasSubstr("BEGIN; SELECT count(*) FROM users"));
  EXPECT_EQ(ask("SELECT attempts > 2 AND lock_wait_ms > 100 FROM segue.step WHERE step = '1.1'"),
            "t");
}

TEST_F(LocksTest, ABudgetThatIsSpentIsAFailureThatNamesTheBlocker) {
  make_users(10);
  const auto reader = open("report");
  reader->exec("BEGIN; SELECT count(*) FROM users");
  ApplyOptions options;
  options.run.lock_budget = milliseconds(700);
  const Failed failed = thrown_by<Failed>([&] { apply_with(1, options); });
  EXPECT_EQ(failed.sqlstate(), "55P03");
  EXPECT_THAT(failed.what(), HasSubstr(fmt::format("in the way: pid {}", reader->backend_pid())));
  EXPECT_EQ(ask("SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname "
                "= 'display_name'"),
            "0");
  reader->exec("COMMIT");
  apply_phase(1);
}

// ALTER TABLE locks the partitions one after the other, and keeps the app from all that it has: a
// reader of the last one is named, and waited for no longer than a tenth of the whole.
TEST_F(LocksTest, AReaderOfOnePartitionIsNamedAndEachPartitionCounts) {
  open()->exec(
      "CREATE TABLE users (id bigint, full_name text, note text) PARTITION BY RANGE (id); DO $$ "
      "BEGIN FOR i IN 1..9 LOOP EXECUTE format('CREATE TABLE \"Users %s\" PARTITION OF users FOR "
      "VALUES FROM (%s) TO (%s)', i, i, i + 1); END LOOP; END $$");
  const auto reader = open("report");
  reader->exec("BEGIN; SELECT count(*) FROM \"Users 9\"");
  std::jthread leaves([&] {
    std::this_thread::sleep_for(milliseconds(1500));
    reader->exec("COMMIT");
  });
  const ApplyReport report = apply_phase(1);
  EXPECT_EQ(report.steps, 1U);
  EXPECT_GT(report.longest_lock_wait_ms, 40);
  EXPECT_LT(report.longest_lock_wait_ms, 180) << "as long as for a table that has no partitions";
  ASSERT_FALSE(recorder_.waited.empty());
  EXPECT_THAT(recorder_.waited[0],
              HasSubstr(fmt::format("in the way: pid {} (app report", reader->backend_pid())));
}

TEST_F(LocksTest, WhatAStatementOnATableLocksBesidesIt) {
  using planner::LockMode;
  open()->exec(
      "CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES "
      "IN (1) PARTITION BY LIST (id); CREATE TABLE p11 PARTITION OF p1 DEFAULT; CREATE TABLE "
      "parent (id int); CREATE TABLE child () INHERITS (parent); CREATE TABLE other (id int)");
  const auto session = open();
  const std::vector<planner::LockUse> asked{{{"public", "p"}, LockMode::share_row_exclusive},
                                            {{"public", "parent"}, LockMode::access_exclusive},
                                            {{"public", "other"}, LockMode::access_exclusive},
                                            {{"public", "gone"}, LockMode::access_exclusive}};
  std::vector<planner::LockUse> all = asked;
  all.push_back({{"public", "p1"}, LockMode::share_row_exclusive});
  all.push_back({{"public", "p11"}, LockMode::share_row_exclusive});
  all.push_back({{"public", "child"}, LockMode::access_exclusive});
  EXPECT_EQ(with_partitions(*session, asked), all);
  // Writers go on: who waits behind it is no app.
  const std::vector<planner::LockUse> gentle{{{"public", "p"}, LockMode::share_update_exclusive}};
  EXPECT_EQ(with_partitions(*session, gentle), gentle);
}

TEST_F(LocksTest, AStepWithManyTablesWaitsLessForEach) {
  using std::chrono::seconds;
  EXPECT_EQ(lock_timeout_for(milliseconds(200), seconds(1), 1), milliseconds(200));
  EXPECT_EQ(lock_timeout_for(milliseconds(200), seconds(1), 4), milliseconds(200));
  EXPECT_EQ(lock_timeout_for(milliseconds(200), seconds(1), 8), milliseconds(100));
  EXPECT_EQ(lock_timeout_for(milliseconds(200), seconds(1), 1000), milliseconds(20));
  EXPECT_EQ(lock_timeout_for(milliseconds(200), milliseconds(100), 1), milliseconds(80));
  EXPECT_EQ(lock_timeout_for(milliseconds(5000), seconds(1), 1), milliseconds(800));
  EXPECT_EQ(lock_timeout_for(milliseconds(10), seconds(1), 1000), milliseconds(10));
}

TEST_F(LocksTest, ConflictsAsPostgresHasThem) {
  using planner::LockMode;
  EXPECT_TRUE(conflicts(LockMode::access_exclusive, LockMode::access_share));
  EXPECT_FALSE(conflicts(LockMode::exclusive, LockMode::access_share));
  EXPECT_TRUE(conflicts(LockMode::share, LockMode::row_exclusive));
  EXPECT_FALSE(conflicts(LockMode::share, LockMode::share));
  EXPECT_TRUE(conflicts(LockMode::share_update_exclusive, LockMode::share_update_exclusive));
  EXPECT_FALSE(conflicts(LockMode::row_exclusive, LockMode::row_exclusive));
  for (int a = 0; a < 8; ++a) {
    for (int b = 0; b < 8; ++b) {
      EXPECT_EQ(conflicts(static_cast<LockMode>(a), static_cast<LockMode>(b)),
                conflicts(static_cast<LockMode>(b), static_cast<LockMode>(a)));
    }
  }
}

// A build that loses its wait for a writer leaves what a killed one leaves.
void leave_invalid_index(Session& builder, Session& writer) {
  writer.exec("BEGIN; UPDATE users SET note = note WHERE id = 1");
  builder.exec("SET lock_timeout = '50ms'");
  EXPECT_THROW(
      builder.exec("CREATE INDEX CONCURRENTLY users_display_name_idx ON users (display_name)"),
      DatabaseError);
  writer.exec("COMMIT");
}

constexpr const char* index_state =
    "SELECT coalesce((SELECT CASE WHEN indisvalid THEN 'valid' ELSE 'invalid' END FROM pg_index "
    "WHERE indexrelid = "
    "to_regclass('users_display_name_idx')), 'missing')";

TEST_F(LocksTest, AnInvalidIndexIsBuiltAgain) {
  make_users(2000);
  for (const int phase : {1, 2}) apply_phase(phase);
  leave_invalid_index(*open(), *open());
  ASSERT_EQ(ask(index_state), "invalid");
  apply_phase(3);
  EXPECT_EQ(ask(index_state), "valid");
  EXPECT_THAT(recorder_.said, Contains(HasSubstr("users_display_name_idx is INVALID, left over")));
}

// It is INVALID from its first transaction on, and then waits for whoever may still use it.
TEST_F(LocksTest, ADropThatIsGivenUpSaysWhatIsLeft) {
  make_users(10);
  for (const int phase : {1, 2, 3}) apply_phase(phase);
  const auto reader = open("report");
  reader->exec("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM users");
  std::this_thread::sleep_for(milliseconds(1200));
  RunnerConnection connection(connector(), real_clock());
  RunOptions options;
  options.lock_budget = milliseconds(300);
  const RunContext context{connection, recorder_, "display_name", options};
  const planner::Step& step = plan_.plan.steps[3];
  const auto& drop = std::get<planner::ConcurrentIndex>(step.undo.at(0));
  const Failed failed = thrown_by<Failed>([&] { make_concurrent_index(context, step, drop); });
  EXPECT_THAT(failed.what(),
              HasSubstr(fmt::format("in the way: pid {} (app report", reader->backend_pid())));
  EXPECT_THAT(failed.advice(), HasSubstr("An INVALID public.users_display_name_idx is left "
                                         "behind; the next run of this command drops it."));
  EXPECT_EQ(ask(index_state), "invalid");
  reader->exec("COMMIT");
  make_concurrent_index(context, step, drop);
  EXPECT_EQ(ask(index_state), "missing");
}

TEST_F(LocksTest, DuplicatesStopAUniqueIndexAndLeaveNothing) {
  make_users(100);
  auto& index = std::get<planner::ConcurrentIndex>(plan_.plan.steps[3].action);
  index.sql =
      "CREATE UNIQUE INDEX CONCURRENTLY users_display_name_idx ON public.users (display_name);";
  open()->exec("UPDATE users SET full_name = 'twice' WHERE id IN (3, 4)");
  for (const int phase : {1, 2}) apply_phase(phase);
  const Failed failed = thrown_by<Failed>([&] { apply_phase(3); });
  EXPECT_EQ(failed.sqlstate(), "23505");
  EXPECT_THAT(failed.what(), HasSubstr("public.users has duplicates"));
  EXPECT_THAT(failed.what(), HasSubstr("Key (display_name)=(twice) is duplicated"));
  EXPECT_EQ(failed.advice(),
            "Nothing of it was left behind. Remove the duplicates and run the same command again.");
  EXPECT_EQ(ask(index_state), "missing");
  open()->exec("UPDATE users SET full_name = 'once' WHERE id = 4");
  apply_phase(3);
  EXPECT_EQ(ask(index_state), "valid");
}

TEST_F(LocksTest, ABuildThatWaitsForAWriterEndsWithTheBudgetAndLeavesNothing) {
  make_users(100);
  for (const int phase : {1, 2}) apply_phase(phase);
  plan_.plan.steps.erase(plan_.plan.steps.begin() + 2);  // the fill would wait for the row first
  const auto writer = open("slow job");
  writer->exec("BEGIN; UPDATE users SET note = note WHERE id = 1");
  std::jthread leaves([&] {
    std::this_thread::sleep_for(milliseconds(1200));
    writer->exec("COMMIT");
  });
  ApplyOptions options;
  options.run.lock_budget = milliseconds(800);
  const Failed failed = thrown_by<Failed>([&] { apply_with(3, options); });
  EXPECT_THAT(failed.what(), HasSubstr(fmt::format("pid {} (app slow job", writer->backend_pid())));
  leaves.join();
  EXPECT_NE(ask(index_state), "valid");
  open()->exec("UPDATE users SET display_name = full_name");
  apply_phase(3);
  EXPECT_EQ(ask(index_state), "valid");
}

// Two transactions that want each other's table: the app must never be the deadlock's victim.
TEST_F(LocksTest, ADeadlockIsOursToLose) {
  make_users(10);
  open()->exec("CREATE TABLE other (id int)");
  plan_.plan.steps[0] = transaction_step(
      "1.1", planner::Phase::expand,
      "LOCK TABLE users; SELECT pg_sleep(0.3); LOCK TABLE other; ALTER TABLE users "
      "ADD COLUMN display_name text;",
      "EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'users'::regclass AND "
      "attname = 'display_name')");
  std::atomic<int> app_errors = 0;
  std::jthread app([&] {
    const auto session = open();
    std::this_thread::sleep_for(milliseconds(100));
    try {
      session->exec(
          "BEGIN; LOCK TABLE other; SELECT pg_sleep(0.1); SELECT count(*) FROM users; COMMIT");
    } catch (const DatabaseError&) {
      ++app_errors;
    }
  });
  apply_phase(1);
  app.join();
  EXPECT_EQ(app_errors, 0);
}

}  // namespace
}  // namespace segue::runtime::test
