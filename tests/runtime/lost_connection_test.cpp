// Lost connections, lost answers and poolers, by a session that can do all of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_session.hpp"
#include "runtime/apply.hpp"
#include "runtime/errors.hpp"
#include "runtime/step_runner.hpp"

namespace segue::runtime::test {
namespace {

using testing::HasSubstr;

const DatabaseError lost("server closed the connection unexpectedly", "08006", true);
const DatabaseError no_lock("canceling statement due to lock timeout", "55P03", false);

class LostConnectionTest : public testing::Test {
 protected:
  LostConnectionTest() {
    step_.id = "1.1";
    step_.title = "Add c";
    step_.action = planner::Transaction{fake_work};
    step_.done = fake_done;
    step_.undo = {planner::Transaction{"ALTER TABLE t DROP COLUMN IF EXISTS c;"}};
  }

  StepOutcome run(const RunOptions& options = {}) {
    RunnerConnection connection(server_.connector(), clock_);
    const RunContext context{connection, *reporter_, "change", options};
    return make_step_runner(context)->run(step_);
  }
  // Throws `error` at the first `times` statements that begin so, before or after they are carried
  // out.
  void fail(const std::string& beginning, const DatabaseError& error, int times,
            bool after = false) {
    auto left = std::make_shared<int>(times);
    (after ? server_.after : server_.before) = [=](const std::string& sql) {
      if (sql.starts_with(beginning) && (*left)-- > 0) throw error;
    };
  }

  FakeServer server_;
  FakeClock clock_;
  std::unique_ptr<Reporter> reporter_ = make_silent_reporter();
  planner::Step step_;
};

TEST_F(LostConnectionTest, NothingSpecial) {
  const StepOutcome outcome = run();
  EXPECT_FALSE(outcome.found_done);
  EXPECT_TRUE(server_.done);
  EXPECT_EQ(server_.count(fake_work), 1);
}

// COMMIT went through and its answer did not come: doing it again would be wrong.
TEST_F(LostConnectionTest, ACommitWhoseAnswerIsLostIsLookedAt) {
  fail("COMMIT", lost, 1, true);
  const StepOutcome outcome = run();
  EXPECT_TRUE(outcome.found_done);
  EXPECT_TRUE(server_.done);
  EXPECT_EQ(server_.count(fake_work), 1);
}

TEST_F(LostConnectionTest, ACommitThatNeverArrivedIsDoneAgain) {
  fail("COMMIT", lost, 1);
  const StepOutcome outcome = run();
  EXPECT_FALSE(outcome.found_done);
  EXPECT_TRUE(server_.done);
  EXPECT_EQ(server_.count(fake_work), 2);
}

TEST_F(LostConnectionTest, AThirdLossIsMeant) {
  fail("ALTER", lost, 100);
  try {
    run();
    FAIL();
  } catch (const Failed& failed) {
    EXPECT_EQ(failed.sqlstate(), "08006");
    EXPECT_THAT(failed.what(), HasSubstr("step 1.1: the connection was lost"));
    EXPECT_THAT(failed.advice(), HasSubstr("Run the same command again"));
  }
  EXPECT_EQ(server_.count(fake_work), 3);
  EXPECT_FALSE(server_.done);
}

TEST_F(LostConnectionTest, WhileTheRunBeginsIsALossLikeAnyOther) {
  fail("SELECT pg_catalog.pg_is_in_recovery", lost, 1);
  run();
  EXPECT_TRUE(server_.done);
}

TEST_F(LostConnectionTest, AServerThatNeverAnsweredIsToldAtOnce) {
  int tries = 0;
  server_.before = [&](const std::string&) {
    ++tries;
    throw lost;
  };
  EXPECT_THROW(run(), DatabaseError);
  EXPECT_EQ(tries, 1);
}

TEST_F(LostConnectionTest, AServerThatComesBackLateIsWaitedFor) {
  int refusals = 0;
  bool cut = false;
  server_.before = [&](const std::string& sql) {
    if (sql.starts_with("ALTER") && !cut) {
      cut = true;
      throw lost;
    }
    if (cut && sql.find(fake_own_process) != std::string::npos && ++refusals < 5) throw lost;
  };
  run();
  EXPECT_TRUE(server_.done);
  EXPECT_GE(refusals, 5);
}

TEST_F(LostConnectionTest, AServerThatDoesNotComeBackIsGivenUp) {
  bool cut = false;
  server_.before = [&](const std::string& sql) {
    cut = cut || sql.starts_with("ALTER");
    if (cut) throw lost;
  };
  EXPECT_THROW(run(), std::exception);
  EXPECT_LT(clock_.time.time_since_epoch(), std::chrono::minutes(5));
}

TEST_F(LostConnectionTest, ALockStormTakesTriesAndRollsEachBack) {
  fail("ALTER", no_lock, 7);
  const StepOutcome outcome = run();
  EXPECT_EQ(outcome.attempts, 8);
  EXPECT_EQ(server_.count("ROLLBACK"), 7);
  EXPECT_TRUE(server_.done);
}

TEST_F(LostConnectionTest, ALockBudgetEnds) {
  fail("ALTER", no_lock, 1000000);
  RunOptions options;
  options.lock_budget = std::chrono::minutes(2);
  try {
    run(options);
    FAIL();
  } catch (const Failed& failed) {
    EXPECT_EQ(failed.sqlstate(), "55P03");
    EXPECT_THAT(failed.what(), HasSubstr("tries over 2 min 0 s"));
  }
  EXPECT_EQ(server_.count("BEGIN"), server_.count("ROLLBACK"));
  EXPECT_GE(clock_.time.time_since_epoch(), std::chrono::minutes(2));
  EXPECT_LT(clock_.time.time_since_epoch(), std::chrono::minutes(3));
}

TEST_F(LostConnectionTest, EveryTryHasALockTimeoutBelowDeadlockTimeout) {
  fail("ALTER", no_lock, 50);
  run();
  int seen = 0;
  for (const std::string& statement : server_.log) {
    int timeout = 0;
    if (std::sscanf(statement.c_str(), "BEGIN; SET LOCAL lock_timeout = '%dms'", &timeout) != 1)
      continue;
    ++seen;
    EXPECT_GE(timeout, 150);
    EXPECT_LE(timeout, 200);
  }
  EXPECT_EQ(seen, 51);
}

TEST_F(LostConnectionTest, APoolerIsRefusedAtOnce) {
  server_.seen_pid = [](int) { return 7; };
  try {
    run();
    FAIL();
  } catch (const Refused& refused) {
    EXPECT_EQ(refused.objections()[0].code, "pooler");
  }
  EXPECT_EQ(server_.count("BEGIN"), 0);
}

TEST_F(LostConnectionTest, APoolerThatChangesTheBackendLaterIsRefusedBeforeTheTransaction) {
  bool changed = false;
  server_.seen_pid = [&](int own) { return changed ? own + 1 : own; };
  server_.after = [&](const std::string& sql) {
    if (sql.find("pg_try_advisory_lock") != std::string::npos) changed = false;
    if (sql.find("deadlock_timeout") != std::string::npos) changed = true;
  };
  try {
    run();
    FAIL();
  } catch (const Refused& refused) {
    EXPECT_EQ(refused.objections()[0].code, "pooler");
  }
  EXPECT_EQ(server_.count(fake_work), 0);
}

TEST_F(LostConnectionTest, UndoGoesThroughALossToo) {
  server_.done = true;
  fail("COMMIT", lost, 1, true);
  RunnerConnection connection(server_.connector(), clock_);
  const RunContext context{connection, *reporter_, "change", {}};
  make_step_runner(context)->undo(step_);
  EXPECT_EQ(server_.count("ALTER TABLE t DROP"), 2);
}

}  // namespace
}  // namespace segue::runtime::test
