// What is written past the triggers between the look at all rows and the lock of contract.
#include "runtime/final_look.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "run_fixture.hpp"
#include "runtime/errors.hpp"

namespace segue::runtime::test {
namespace {

using testing::HasSubstr;

constexpr const char* disable = "ALTER TABLE users DISABLE TRIGGER zz_segue_display_name;";
constexpr const char* enable = "ALTER TABLE users ENABLE ALWAYS TRIGGER zz_segue_display_name;";

class FinalLookTest : public RunTest {
 protected:
  void be_filled(int rows) {
    make_users(rows);
    for (const int phase : {1, 2, 3}) apply_phase(phase);
  }
  // All rows have been looked at then, and the lock is not taken yet.
  void before_the_lock(const std::string& sql) {
    recorder_.on_step = [this, sql](const planner::Step& step) {
      if (step.phase == planner::Phase::contract) open()->exec(sql);
    };
  }
  std::string columns() const {
    return ask(
        "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = "
        "'users'::regclass AND attnum > 0 AND NOT attisdropped");
  }
};

TEST_F(FinalLookTest, AWriteThatPassedTheTriggersIsFoundUnderTheLock) {
  be_filled(2000);
  before_the_lock(fmt::format(
      "BEGIN; {} UPDATE users SET full_name = 'Ada' WHERE id = 77; {} COMMIT", disable, enable));
  const auto refused = thrown_by<Refused>([&] { apply_phase(4, "v2"); });
  ASSERT_EQ(refused.objections().size(), 1U);
  EXPECT_EQ(refused.objections()[0].code, "differs");
  EXPECT_THAT(refused.objections()[0].what,
              HasSubstr("were written since all were looked at break the promise that display_name "
                        "is full_name:\n  id = 77"));
  EXPECT_EQ(columns(), "id full_name note display_name");
  EXPECT_EQ(ask("SELECT full_name FROM users WHERE id = 77"), "Ada");

  // Mended, it goes through: rows are looked at from here on.
  recorder_.on_step = {};
  open()->exec("UPDATE users SET full_name = 'Ada' WHERE id = 77");
  apply_phase(4, "v2");
  EXPECT_EQ(columns(), "id note display_name");
  EXPECT_EQ(ask("SELECT display_name FROM users WHERE id = 77"), "Ada");
}

TEST_F(FinalLookTest, WritesThatPassThroughTheTriggersDoNotHoldItUp) {
  be_filled(2000);
  before_the_lock(
      "UPDATE users SET full_name = 'New ' || id WHERE id < 500; DELETE FROM users WHERE id > "
      "1900");
  apply_phase(4, "v2");
  EXPECT_EQ(ask("SELECT count(*) FROM users WHERE display_name = 'New ' || id"), "499");
}

planner::Step look_step(const std::string& condition) {
  planner::Step step;
  step.id = "4.0";
  step.phase = planner::Phase::contract;
  planner::NoRows rows;
  rows.table = {"public", "users"};
  rows.columns = {"id"};
  rows.condition = condition;
  rows.violators = "SELECT id::text FROM users WHERE " + condition;
  rows.message = "rows of users differ";
  step.action = rows;
  return step;
}

// A table is read once more only for what the gate did not ask.
TEST_F(FinalLookTest, WhatTheGateHasReadNoStepReadsAgain) {
  be_filled(100);
  auto& steps = plan_.plan.steps;
  steps.insert(steps.end() - 1, look_step(plan_.plan.verifications[0].differs));
  steps.insert(steps.end() - 1, look_step("note = 'no such note'"));
  steps[steps.size() - 2].id = "4.05";
  recorder_.steps.clear();
  apply_phase(4, "v2");
  EXPECT_THAT(recorder_.steps, testing::ElementsAre("4.0 found done", "4.05", "4.1"));
}

class TooLarge : public FinalLookTest {
 protected:
  // Each row takes so long to look at that those which changed are too many.
  void be_slow_to_look_at() {
    be_filled(300);
    plan_.plan.verifications[0].differs =
        "record_image_ne(ROW(display_name), ROW(full_name)) OR pg_sleep(0.002) IS NULL";
  }
};

// A look would be refused for the time that it takes.
TEST_F(TooLarge, TriggersThatWereThereAllTheTimeSpareTheLook) {
  be_slow_to_look_at();
  before_the_lock("UPDATE users SET note = 'x'");
  apply_phase(4, "v2");
  EXPECT_EQ(columns(), "id note display_name");
}

TEST_F(TooLarge, OneThatWasAwayInBetweenStopsIt) {
  be_slow_to_look_at();
  before_the_lock(fmt::format("UPDATE users SET note = 'x'; {} {}", disable, enable));
  const auto refused = thrown_by<Refused>([&] { apply_phase(4, "v2"); });
  EXPECT_THAT(refused.what(), HasSubstr("a dual-write trigger was altered"));
  EXPECT_EQ(columns(), "id full_name note display_name");
}

TEST_F(FinalLookTest, AContractThatWasCutShortIsLookedAtInFull) {
  be_filled(100);
  plan_.plan.steps.push_back(
      transaction_step("4.0", planner::Phase::contract, "SELECT 1;", "true"));
  std::rotate(plan_.plan.steps.end() - 2, plan_.plan.steps.end() - 1, plan_.plan.steps.end());
  recorder_.on_step = [](const planner::Step& step) {
    if (step.id == "4.1") throw Failed("4.1", "cut short", "", "");
  };
  EXPECT_THROW(apply_phase(4, "v2"), Failed);
  recorder_.on_step = {};
  open()->exec(
      fmt::format("{} UPDATE users SET full_name = 'Ada' WHERE id = 7; {}", disable, enable));
  const auto refused = thrown_by<Refused>([&] { apply_phase(4, "v2"); });
  EXPECT_THAT(refused.what(), HasSubstr("1 of 100 rows break the promise"));
  EXPECT_EQ(columns(), "id full_name note display_name");
}

}  // namespace
}  // namespace segue::runtime::test
