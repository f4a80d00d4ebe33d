// Writers beside the plan, and a segue that is killed: what only they can find is found, and what
// is right passes.
#include "runtime/rehearsal/together.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "codegen/plan_files.hpp"
#include "runtime/introspect.hpp"
#include "runtime/rehearsal/calibrate.hpp"
#include "runtime/rehearsal/run.hpp"
#include "support/process.hpp"

namespace segue::runtime::rehearsal {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const fs::path golden = fs::path(SEGUE_SOURCE_DIR) / "tests" / "golden" / "rename_plain";

// A stage with the plan on it, after somebody had a hand in it.
class WritersAndKills : public ::testing::Test {
 protected:
  void stage(const std::function<void(planner::Plan&)>& meddle) {
    planner::Plan plan = codegen::read(golden / "expected").plan;
    meddle(plan);
    codegen::write(codegen::render(plan), place_.path() / "plan", false);
    plan_ = codegen::read(place_.path() / "plan");
    StageOptions options;
    options.rows = 60;
    options.load = [](Session& session) {
      load_schema(session, (golden / "schema.sql").string(),
                  test::read_text(golden / "schema.sql"));
    };
    stage_.emplace(plan_.plan, options);
    calibrate(*stage_, 1);
  }
  Together together(Seconds budget) {
    TogetherOptions options;
    options.stall_budget = budget;
    return play_together(*stage_, plan_, options);
  }
  Played killed(Leg leg) {
    PlayOptions options;
    options.crash = true;
    options.batch = 3;
    options.legs = {leg};
    return play(*stage_, plan_, options);
  }
  static planner::Transaction& first_of(planner::Plan& plan, planner::Phase phase) {
    for (planner::Step& step : plan.steps) {
      auto* transaction = std::get_if<planner::Transaction>(&step.action);
      if (step.phase == phase && transaction != nullptr) return *transaction;
    }
    throw std::logic_error("no such step");
  }

  test::TemporaryDirectory place_;
  codegen::ReviewedPlan plan_;
  std::optional<Stage> stage_;
};

TEST_F(WritersAndKills, WritersAndPlanGetAlong) {
  stage([](planner::Plan&) {});
  const Together run = together(Seconds(10));
  ASSERT_FALSE(run.violation) << run.violation->saw << "\n" << run.violation->should_see;
  for (const int phase : {0, 1, 2, 3, 4}) {
    ASSERT_TRUE(run.waits.contains(phase)) << phase;
    EXPECT_GT(run.waits.at(phase).statements, 0U) << phase;
  }
  for (const char* lane : {"phase", "segue", "lock"}) {
    EXPECT_TRUE(std::any_of(run.timeline.begin(), run.timeline.end(), [&](const Stretch& one) {
      return one.lane == lane;
    })) << lane;
  }
  EXPECT_FALSE(run.latencies.empty());
}

TEST_F(WritersAndKills, ALockThatIsHeldTooLongIsAStall) {
  stage([](planner::Plan& plan) {
    first_of(plan, planner::Phase::dual_write).sql +=
        "LOCK TABLE public.notes IN ACCESS EXCLUSIVE MODE;\nSELECT pg_sleep(2);\n";
  });
  const Together run = together(Seconds(0.5));
  ASSERT_TRUE(run.violation);
  EXPECT_EQ(run.violation->promise, Promise::stall) << run.violation->saw;
  EXPECT_EQ(run.violation->phase, planner::Phase::dual_write);
  EXPECT_THAT(run.violation->step, HasSubstr("2.1"));
  EXPECT_THAT(run.violation->saw, HasSubstr("for a lock that segue held"));
}

TEST_F(WritersAndKills, SlownessWithoutALockIsNone) {
  stage([](planner::Plan& plan) {
    std::string& sql = first_of(plan, planner::Phase::dual_write).sql;
    sql = "SELECT pg_sleep(1);\n" + sql;
  });
  const Together run = together(Seconds(0.5));
  EXPECT_FALSE(run.violation) << run.violation->saw;
}

TEST_F(WritersAndKills, AKilledRunIsGoneOnWith) {
  stage([](planner::Plan&) {});
  std::uint64_t stops = 0;
  for (const Leg leg : {Leg{4, false}, Leg{3, true}}) {
    Played played = killed(leg);
    ASSERT_FALSE(played.violation) << played.violation->saw << "\n" << played.violation->should_see;
    EXPECT_GE(played.tried.at("kills at a step's boundary"), 6U);
    stops += played.tried["the server stopped at once, and started again"];
  }
  EXPECT_GE(stops, 1U);
}

TEST_F(WritersAndKills, AStepThatCannotBeRunAgainIsFoundByAKill) {
  stage([](planner::Plan& plan) {
    for (planner::Step& step : plan.steps) {
      if (step.phase != planner::Phase::expand) continue;
      step.done.clear();
      std::string& sql = std::get<planner::Transaction>(step.action).sql;
      const std::string guard = " IF NOT EXISTS";
      while (sql.find(guard) != std::string::npos) sql.erase(sql.find(guard), guard.size());
    }
  });
  const Played played = killed({4, false});
  ASSERT_TRUE(played.violation);
  EXPECT_THAT(played.violation->saw, HasSubstr("already exists"));
  EXPECT_THAT(played.violation->step, HasSubstr("1.1"));
}

}  // namespace
}  // namespace segue::runtime::rehearsal
