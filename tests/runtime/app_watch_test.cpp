// How long an app waits behind a step: seen, told, and not lost with a session.
#include "runtime/pacing/app_watch.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "run_fixture.hpp"
#include "runtime/runner_connection.hpp"
#include "runtime/status.hpp"

namespace segue::runtime::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class AppWatchTest : public RunTest {};

TEST_F(AppWatchTest, HowLongAnAppWaitedBehindAStepIsMeasured) {
  make_users(10);
  plan_.plan.steps[0] = transaction_step(
      "1.1", planner::Phase::expand,
      "ALTER TABLE users ADD COLUMN display_name text; SELECT pg_sleep(0.6);",
      "EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = "
      "'display_name')");
  std::atomic<bool> over = false;
  std::jthread app([&] {
    const auto session = open("billing");
    while (!over) {
      session->exec("SELECT note FROM users WHERE id = 7");
      std::this_thread::sleep_for(20ms);
    }
  });
  const ApplyReport report = apply_with(1, watched());
  over = true;
  EXPECT_GT(report.longest_app_wait_ms, 100);
  EXPECT_LT(report.longest_app_wait_ms, 3000);
  EXPECT_THAT(
      status_text(read_status(*open("segue status"))),
      testing::ContainsRegex("display_name 1.1: an app waited [0-9]+ ms behind it \\(pid [0-9]+ "
                             "\\(app billing\\): SELECT note FROM users WHERE id = 7\\)"));
}

// Another session of the same name, as each further worker has one.
TEST_F(AppWatchTest, AWaitBehindAWorkerCountsAsWell) {
  make_users(10);
  apply_phase(1);
  RunnerConnection connection(connector(), real_clock());
  RunOptions options;
  options.pacing.emplace();
  const RunContext context{connection, recorder_, "display_name", options};
  pacing::AppWatch watch(context);
  watch.step_begins("3.1", planner::Scan::writes);
  const auto worker = open("segue");
  worker->exec("BEGIN; UPDATE users SET note = 'x' WHERE id = 7");
  std::jthread app([&] { open("billing")->exec("UPDATE users SET note = 'y' WHERE id = 7"); });
  std::this_thread::sleep_for(1200ms);
  worker->exec("COMMIT");
  app.join();
  EXPECT_GT(watch.step_ends(), 500);
  EXPECT_THAT(ask("SELECT who FROM segue.app_wait"), HasSubstr("(app billing)"));
}

TEST_F(AppWatchTest, AWatchOverTheAppThatLosesItsSessionConnectsAgain) {
  make_users(10);
  plan_.plan.steps[0] = transaction_step(
      "1.1", planner::Phase::expand,
      "ALTER TABLE users ADD COLUMN display_name text; SELECT pg_sleep(3);",
      "EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = "
      "'display_name')");
  std::jthread app([&] {
    const auto session = open("billing");
    const auto locked = [&] {
      return ask("SELECT count(*) FROM pg_locks WHERE relation = 'users'::regclass AND mode = "
                 "'AccessExclusiveLock'") != "0";
    };
    if (!soon(locked)) return;
    std::jthread ends([&] {
      soon([&] {
        return ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = "
                   "current_database() AND application_name = 'segue' AND query LIKE 'WITH "
                   "own%'") != "0";
      });
    });
    session->exec("SELECT note FROM users WHERE id = 7");
  });
  EXPECT_GT(apply_with(1, watched()).longest_app_wait_ms, 1000);
}

}  // namespace
}  // namespace segue::runtime::test
