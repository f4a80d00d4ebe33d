#include "runtime/undo.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "run_fixture.hpp"
#include "runtime/ledger.hpp"
#include "runtime/status.hpp"

namespace segue::runtime::test {
namespace {

using planner::Phase;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class UndoTest : public RunTest {
 protected:
  UndoReport undo_to(int to = 0) {
    UndoOptions options;
    options.to = to;
    recorder_.steps.clear();
    return undo(plan_, options, connector(), real_clock(), recorder_);
  }
  std::string traces() const {
    return ask(
        "SELECT (SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname "
        "= 'display_name' "
        "AND NOT attisdropped) + (SELECT count(*) FROM pg_trigger WHERE tgrelid = "
        "'users'::regclass) + (SELECT "
        "count(*) FROM pg_class WHERE relname = 'users_display_name_idx')");
  }
};

TEST_F(UndoTest, FromEachPhaseInOneCall) {
  make_users(500);
  for (const int last : {1, 2, 3}) {
    for (int phase = 1; phase <= last; ++phase) apply_phase(phase);
    EXPECT_EQ(undo_to().undone.size(), static_cast<std::size_t>(last));
    EXPECT_EQ(traces(), "0");
    EXPECT_EQ(ask("SELECT phase FROM segue.status"), "0");
  }
  EXPECT_EQ(ask("SELECT count(*) FROM segue.event WHERE what = 'phase undone'"), "6");
  EXPECT_EQ(ask("SELECT count(*) FROM segue.cursor"), "0");
}

TEST_F(UndoTest, LatestStepFirstAndOnlyAsFarAsAsked) {
  make_users(10);
  for (const int phase : {1, 2, 3}) apply_phase(phase);
  EXPECT_THAT(undo_to(1).undone, ElementsAre(Phase::backfill, Phase::dual_write));
  EXPECT_THAT(recorder_.steps, ElementsAre("undo 3.2", "undo 2.1"));
  EXPECT_EQ(ask("SELECT phase FROM segue.status"), "1");
  apply_phase(2);
}

TEST_F(UndoTest, NothingToUndo) {
  make_users(10);
  EXPECT_THAT(undo_to().undone, IsEmpty());
  apply_phase(1);
  undo_to();
  EXPECT_THAT(undo_to().undone, IsEmpty());
}

TEST_F(UndoTest, AnUndoneChangeMayComeAgainWithAnotherPlan) {
  make_users(10);
  apply_phase(1);
  undo_to();
  plan_.digest = "another";
  apply_phase(1);
  EXPECT_EQ(ask("SELECT digest FROM segue.change"), "another");
}

TEST_F(UndoTest, AStepThatWasRolledBackHasNothingToUndo) {
  make_users(10);
  planner::Step broken = transaction_step("1.2", Phase::expand, "SELECT 1 / 0;",
                                          "EXISTS (SELECT FROM pg_class WHERE relname = 'nowhere')",
                                          "DROP TABLE nowhere;");
  plan_.plan.steps.insert(plan_.plan.steps.begin() + 1, broken);
  EXPECT_THROW(apply_phase(1), Failed);
  EXPECT_THAT(undo_to().undone, ElementsAre(Phase::expand));
  EXPECT_EQ(traces(), "0");
  EXPECT_EQ(ask("SELECT phase FROM segue.status"), "0");
}

TEST_F(UndoTest, NeverAfterContract) {
  make_users(10);
  for (const int phase : {1, 2, 3}) apply_phase(phase);
  apply_phase(4, "v2");
  const Refused refused = thrown_by<Refused>([&] { undo_to(); });
  EXPECT_EQ(refused.objections()[0].code, "contracted");
  EXPECT_THAT(refused.what(), HasSubstr("Go forward: write a new change"));
}

TEST_F(UndoTest, NeverInTheMiddleOfAContract) {
  make_users(10);
  for (const int phase : {1, 2, 3}) apply_phase(phase);
  plan_.plan.steps.push_back(transaction_step("4.2", Phase::contract, "SELECT 1/0;"));
  EXPECT_EQ(thrown_by<Failed>([&] { apply_phase(4, "v2"); }).step(), "4.2");
  EXPECT_THAT(thrown_by<Refused>([&] { undo_to(); }).what(), HasSubstr("is being contracted"));
  // And it can be finished, although what the gate would look at is gone.
  plan_.plan.steps.back() = transaction_step("4.2", Phase::contract, "SELECT 1;");
  apply_phase(4);
}

TEST_F(UndoTest, WhatItWouldLoseIsLookedForBeforeAnythingIsUndone) {
  make_users(10);
  plan_.plan.steps[0].undo.insert(
      plan_.plan.steps[0].undo.begin(),
      planner::NoRows{{"public", "users"},
                      "SELECT id::text FROM public.users WHERE note = 'precious'",
                      {"id"},
                      "rows of public.users would be lost",
                      "Save them first.",
                      "",
                      true});
  for (const int phase : {1, 2, 3}) apply_phase(phase);
  open()->exec("UPDATE users SET note = 'precious' WHERE id = 3");
  const Refused refused = thrown_by<Refused>([&] { undo_to(); });
  EXPECT_STREQ(refused.what(),
               "step 1.1: rows of public.users would be lost:\n  id = 3\n  Save them first.");
  EXPECT_EQ(ask("SELECT phase FROM segue.status"), "3");
  EXPECT_EQ(traces(), "3");
  open()->exec("UPDATE users SET note = ''");
  undo_to();
  EXPECT_EQ(traces(), "0");
}

// What a pass overwrote in a column that the app uses is put back, where the app has not written
// since.
TEST_F(UndoTest, OverwrittenValuesComeBack) {
  make_users(3000);
  open()->exec("UPDATE users SET note = NULL WHERE id % 3 = 0");
  const planner::QualifiedName users{"public", "users"};
  planner::Plan& plan = plan_.plan;
  plan.verifications.clear();
  plan.owned.clear();
  plan.steps.clear();
  plan.steps.push_back(transaction_step(
      "3.1", Phase::backfill,
      "CREATE TABLE segue.journal (id bigint PRIMARY KEY, old_1 text, new_1 text);",
      "to_regclass('segue.journal') IS NOT NULL", "DROP TABLE IF EXISTS segue.journal;"));
  planner::BackfillPass fill;
  fill.table = users;
  fill.leaves = {users};
  fill.set = {{"note", "'none'"}};
  fill.pending = "note IS NULL";
  fill.key = {"id"};
  fill.journal = planner::Journal{{"segue", "journal"}, {"id"}, {"note"}};
  planner::BackfillPass back = fill;
  back.journal.reset();
  const std::string old_value =
      "SELECT j.old_1 FROM segue.journal j WHERE j.id = users.id AND j.new_1 IS NOT DISTINCT FROM "
      "users.note AND "
      "j.old_1 IS DISTINCT FROM users.note";
  back.set = {{"note", "(" + old_value + ")"}};
  back.pending = "EXISTS (" + old_value + ")";
  planner::Step step;
  step.id = "3.2";
  step.phase = Phase::backfill;
  step.title = "Fill note";
  step.action = fill;
  step.undo = {back};
  plan.steps.push_back(step);
  for (const int phase : {1, 2, 3}) apply_phase(phase);
  EXPECT_EQ(ask("SELECT count(*) FROM users WHERE note = 'none'"), "1000");
  open()->exec("UPDATE users SET note = 'by the app' WHERE id = 3");
  undo_to();
  EXPECT_EQ(ask("SELECT count(*) FROM users WHERE note IS NULL"), "999");
  EXPECT_EQ(ask("SELECT note FROM users WHERE id = 3"), "by the app");
  EXPECT_EQ(ask("SELECT count(*) FROM segue.step WHERE state <> 'undone'"), "0");
}

TEST_F(UndoTest, StatusTellsWhereItStands) {
  make_users(10);
  EXPECT_EQ(status_text(read_status(*open())),
            "No change has been applied to this database: it has no ledger (schema segue).\n");
  EXPECT_EQ(status_json(read_status(*open())), "{\n  \"ledger\": false,\n  \"changes\": []\n}\n");
  apply_phase(1, "v41");
  std::string since = ask(
      "SELECT to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS\"Z\"') FROM segue.status");
  EXPECT_EQ(status_text(read_status(*open())),
            "CHANGE        PHASE     SINCE                 RELEASE  BY\n"
            "display_name  1 expand  " +
                since + "  v41      postgres\n");
  open()->exec("UPDATE segue.phase SET state = 'undoing'");
  EXPECT_THAT(status_text(read_status(*open())), HasSubstr("display_name  none, undoing 1 expand"));
  // A role that may read the view alone sees as much.
  open()->exec(
      "UPDATE segue.phase SET state = 'complete'; DROP ROLE IF EXISTS onlooker; CREATE ROLE "
      "onlooker LOGIN");
  EXPECT_THAT(status_text(read_status(*connect(conninfo_ + " user=onlooker"))),
              HasSubstr("display_name  1 expand  " + since));
}

TEST_F(UndoTest, VerifyTellsWhatDiffers) {
  make_users(100);
  const auto silent = make_silent_reporter();
  const auto look = [&] { return verify_plan(plan_.plan, *open(), *silent, real_clock()); };
  EXPECT_THAT(thrown_by<Refused>(look).what(), HasSubstr("there is nothing to compare yet"));
  apply_phase(1);
  EXPECT_FALSE(look().filled);
  EXPECT_EQ(look().results.at(0).findings.found, 100U);
  EXPECT_THAT(
      describe(look().results.at(0)),
      testing::StartsWith("public.users: 100 of 100 rows break the promise that display_name is "
                          "full_name:\n  id = 1\n"));
  apply_phase(2);
  apply_phase(3);
  EXPECT_TRUE(look().filled);
  EXPECT_TRUE(look().results.at(0).holds());
  apply_phase(4, "v2");
  EXPECT_TRUE(look().contracted);
  EXPECT_THAT(look().results, IsEmpty());
}

}  // namespace
}  // namespace segue::runtime::test
