#include "runtime/apply.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <thread>

#include "run_fixture.hpp"
#include "runtime/introspect.hpp"
#include "runtime/ledger.hpp"

namespace segue::runtime::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ApplyTest : public RunTest {};

TEST_F(ApplyTest, AllFourPhases) {
  make_users(20000);
  EXPECT_EQ(apply_phase(1).steps, 1U);
  EXPECT_EQ(apply_phase(2).steps, 1U);
  const ApplyReport third = apply_phase(3);
  ASSERT_EQ(third.verified.size(), 1U);
  EXPECT_TRUE(third.verified[0].holds());
  EXPECT_EQ(third.verified[0].findings.checked, 20000U);
  EXPECT_EQ(recorder_.outcomes["3.1"].rows, 20000U);
  EXPECT_EQ(ask("SELECT phase FROM segue.status"), "3");
  EXPECT_EQ(apply_phase(4, "v43").steps, 1U);
  EXPECT_EQ(ask("SELECT count(*) FROM users WHERE display_name = 'name ' || id"), "20000");
  EXPECT_EQ(ask("SELECT phase_name FROM segue.status WHERE change = 'display_name'"), "contract");
  EXPECT_EQ(ask("SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname "
                "= 'full_name'"),
            "0");
}

TEST_F(ApplyTest, WithoutPhaseTheNextOne) {
  make_users(10);
  const ApplyOptions options;
  for (const int expected : {1, 2, 3}) {
    const ApplyReport report = apply(plan_, options, connector(), real_clock(), recorder_);
    EXPECT_EQ(number_of(report.phase), expected);
  }
  const Refused refused =
      thrown_by<Refused>([&] { apply(plan_, options, connector(), real_clock(), recorder_); });
  ASSERT_EQ(refused.objections().size(), 1U);
  EXPECT_EQ(refused.objections()[0].code, "release");
}

TEST_F(ApplyTest, ACompletePhaseAgainRepairsWhatIsMissing) {
  make_users(100);
  apply_phase(1);
  apply_phase(2);
  recorder_.steps.clear();
  apply_phase(2);
  EXPECT_THAT(recorder_.steps, ElementsAre("2.1 found done"));
  open()->exec("DROP TRIGGER zz_segue_display_name ON users");
  const Refused refused = thrown_by<Refused>([&] { apply_phase(3); });
  EXPECT_THAT(refused.what(), HasSubstr("step 2.1 Step 2.1 was done once and is not any more"));
  recorder_.steps.clear();
  apply_phase(2);
  EXPECT_THAT(recorder_.steps, ElementsAre("2.1"));
  apply_phase(3);
}

TEST_F(ApplyTest, PhasesInOrder) {
  make_users(10);
  const Refused refused = thrown_by<Refused>([&] { apply_phase(3); });
  EXPECT_EQ(refused.objections()[0].code, "phase-order");
  EXPECT_STREQ(refused.what(),
               "phase 2 (dual-write) of display_name is not complete in this database\n"
               "  Apply it first: segue apply DIR --phase 2");
}

TEST_F(ApplyTest, AfterContractEarlierPhasesHaveNothingToDo) {
  make_users(10);
  for (const int phase : {1, 2, 3}) apply_phase(phase);
  apply_phase(4, "v43");
  for (const int phase : {1, 2, 3, 4}) EXPECT_TRUE(apply_phase(phase).nothing_to_do);
}

TEST_F(ApplyTest, ContractWaitsForTheSoak) {
  make_users(10);
  plan_.plan.soak = std::chrono::hours(24 * 7);
  for (const int phase : {1, 2, 3}) apply_phase(phase);
  const Refused refused = thrown_by<Refused>([&] { apply_phase(4, "v43"); });
  EXPECT_EQ(refused.objections()[0].code, "soak");
  EXPECT_EQ(ask("SELECT name FROM segue.release"), "v43");
  ApplyOptions options;
  options.gate.skip_soak = "tried on staging";
  apply_with(4, options);
  EXPECT_EQ(ask("SELECT detail FROM segue.event WHERE what = 'soak skipped'"), "tried on staging");
}

TEST_F(ApplyTest, AnAcknowledgementFromBeforeABackfillThatWasUndoneDoesNotCount) {
  make_users(10);
  EXPECT_THAT(thrown_by<Refused>([&] { acknowledge(plan_, "v1", connector()); }).what(),
              HasSubstr("phase 3 (backfill) of display_name is not complete"));
  for (const int phase : {1, 2, 3}) apply_phase(phase);
  acknowledge(plan_, "v1", connector());
  UndoOptions undo_options;
  undo_options.to = 2;
  undo(plan_, undo_options, connector(), real_clock(), recorder_);
  apply_phase(3);
  EXPECT_EQ(thrown_by<Refused>([&] { apply_phase(4); }).objections()[0].code, "release");
  acknowledge(plan_, "v1", connector());
  apply_phase(4);
}

TEST_F(ApplyTest, ContractRefusesRowsThatDiffer) {
  make_users(1000);
  for (const int phase : {1, 2, 3}) apply_phase(phase);
  open()->exec(
      "ALTER TABLE users DISABLE TRIGGER zz_segue_display_name; UPDATE users SET full_name = 'past "
      "it' WHERE id IN (7, "
      "900); ALTER TABLE users ENABLE ALWAYS TRIGGER zz_segue_display_name");
  const Refused refused = thrown_by<Refused>([&] { apply_phase(4, "v43"); });
  EXPECT_THAT(refused.what(),
              HasSubstr("2 of 1,000 rows break the promise that display_name is full_name:\n"
                        "  id = 7\n  id = 900"));
  EXPECT_EQ(ask("SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname "
                "= 'full_name'"),
            "1");
}

TEST_F(ApplyTest, ContractRefusesWhatStillNeedsTheOldColumn) {
  make_users(10);
  for (const int phase : {1, 2, 3}) apply_phase(phase);
  open()->exec(
      "CREATE VIEW names AS SELECT full_name FROM users;"
      "CREATE MATERIALIZED VIEW kept AS SELECT full_name FROM users;"
      "CREATE FUNCTION name_of(k bigint) RETURNS text LANGUAGE sql AS 'SELECT full_name FROM users "
      "WHERE id = k';"
      "CREATE FUNCTION same_word() RETURNS text LANGUAGE sql AS 'SELECT rolname AS full_name FROM "
      "pg_roles';"
      "CREATE FUNCTION loud() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.full_name := "
      "upper(NEW.full_name); "
      "RETURN NEW; END $$;"
      "CREATE TRIGGER loud BEFORE UPDATE OF full_name ON users FOR EACH ROW EXECUTE FUNCTION "
      "loud();"
      "CREATE POLICY own ON users USING (full_name = current_user);"
      "CREATE RULE watch AS ON DELETE TO users WHERE old.full_name = 'root' DO INSTEAD NOTHING;"
      "ALTER TABLE users ADD COLUMN short text GENERATED ALWAYS AS (left(full_name, 3)) STORED;");
  const bool has_column_lists = open()->server_version() >= 150000;
  if (has_column_lists) open()->exec("CREATE PUBLICATION p FOR TABLE users (id, full_name)");
  const Refused refused = thrown_by<Refused>([&] { apply_phase(4, "v43"); });
  std::vector<std::string> found;
  for (const Objection& objection : refused.objections()) {
    found.push_back(objection.code + ": " +
                    objection.what.substr(0, objection.what.find(" still")));
  }
  std::vector<std::string> expected{"view: view public.names",
                                    "materialized-view: materialized view public.kept",
                                    "function-body: function public.name_of(k bigint)",
                                    "function-body: function public.loud()",
                                    "own-trigger: trigger loud on public.users",
                                    "policy: policy own on public.users",
                                    "rule: rule watch on public.users",
                                    "generated-column: generated column public.users.short"};
  if (has_column_lists) expected.emplace_back("publication: publication p (public.users)");
  EXPECT_THAT(found, testing::UnorderedElementsAreArray(expected));
  open()->exec(
      "DROP VIEW names; DROP MATERIALIZED VIEW kept; DROP TRIGGER loud ON users; DROP POLICY own "
      "ON users; "
      "DROP RULE watch ON users; ALTER TABLE users DROP COLUMN short; DROP PUBLICATION IF EXISTS "
      "p");
  EXPECT_EQ(thrown_by<Refused>([&] { apply_phase(4); }).objections().size(), 2U);
  ApplyOptions options;
  options.gate.allowed = {"function-body"};
  apply_with(4, options);
}

class DriftTest : public RunTest {
 protected:
  void plan_for_what_is_there() {
    plan_.plan.baseline = planner::excerpt(read_catalog(*open()), {{"public", "users"}});
  }
  std::string drift_before(int phase) {
    const Refused refused = thrown_by<Refused>([&] { apply_phase(phase, "v2"); });
    EXPECT_EQ(refused.objections().size(), 1U);
    EXPECT_EQ(refused.objections()[0].code, "drift");
    return refused.what();
  }
};

TEST_F(DriftTest, OwnObjectsAreNone) {
  make_users(100);
  open()->exec("CREATE TABLE visits (id int PRIMARY KEY, user_id bigint REFERENCES users)");
  plan_for_what_is_there();
  for (const int phase : {1, 2, 3}) apply_phase(phase);
  for (const int phase : {1, 2, 3}) apply_phase(phase);
  apply_phase(4, "v2");
}

TEST_F(DriftTest, WhatIsNewOrGoneOnAPlannedTableIsNamedAndStops) {
  make_users(100);
  plan_for_what_is_there();
  for (const int phase : {1, 2, 3}) {
    open()->exec("ALTER TABLE users ADD COLUMN extra int");
    EXPECT_THAT(drift_before(phase), HasSubstr("extra"));
    open()->exec("ALTER TABLE users DROP COLUMN extra");
    apply_phase(phase);
  }
  open()->exec("DROP INDEX users_note_idx");
  EXPECT_THAT(drift_before(4), HasSubstr("users_note_idx"));
  ApplyOptions options;
  options.gate.allowed = {"drift"};
  apply_with(4, options);
}

TEST_F(DriftTest, OtherTablesAreNobodysBusiness) {
  make_users(100);
  plan_for_what_is_there();
  open()->exec("CREATE TABLE other (id int)");
  apply_phase(1);
}

TEST_F(DriftTest, AMendBeforeContractIsNone) {
  make_users(100);
  open()->exec("CREATE VIEW names AS SELECT id, full_name FROM users");
  plan_for_what_is_there();
  for (const int phase : {1, 2, 3}) apply_phase(phase);
  EXPECT_EQ(thrown_by<Refused>([&] { apply_phase(4, "v2"); }).objections()[0].code, "view");
  open()->exec("CREATE OR REPLACE VIEW names AS SELECT id, display_name AS full_name FROM users");
  apply_phase(4);
}

TEST_F(DriftTest, ObjectsOfAnotherChangeInProgressAreNone) {
  make_users(100);
  plan_for_what_is_there();
  const codegen::ReviewedPlan first = plan_;
  for (const int phase : {1, 2}) apply_phase(phase);
  planner::Plan& second = plan_.plan;
  second.name = "another";
  second.steps = {transaction_step(
      "1.1", planner::Phase::expand, "ALTER TABLE users ADD COLUMN second int;",
      "EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = "
      "'second')")};
  second.owned = {{planner::ObjectKind::column, {"public", "users"}, "second"}};
  plan_.digest = "the second";
  apply_phase(1);
  plan_ = first;
  apply_phase(3);
}

TEST_F(ApplyTest, AChangeThatComesAfterAnotherWaitsForIt) {
  make_users(10);
  plan_.plan.after = {"widen_ids"};
  EXPECT_THAT(thrown_by<Refused>([&] { apply_phase(1); }).what(),
              HasSubstr("display_name comes after widen_ids, which is not contracted here"));
  open()->exec(
      "INSERT INTO segue.change (name, fingerprint) VALUES ('widen_ids', ''); INSERT INTO "
      "segue.phase (change, phase, "
      "state, runner) SELECT 'widen_ids', g, 'complete', 'psql' FROM generate_series(1, 4) g");
  apply_phase(1);
}

TEST_F(ApplyTest, AnotherPlanOfTheSameChangeIsRefused) {
  make_users(10);
  apply_phase(1);
  plan_.digest = "something else";
  EXPECT_EQ(thrown_by<Refused>([&] { apply_phase(2); }).objections()[0].code, "other-plan");
  EXPECT_EQ(thrown_by<Refused>([&] { undo(plan_, {}, connector(), real_clock(), recorder_); })
                .objections()[0]
                .code,
            "other-plan");
}

TEST_F(ApplyTest, ASecondRunnerIsRefusedByName) {
  make_users(10);
  RunnerConnection first([&] { return connect(conninfo_, "segue of alice"); }, real_clock());
  const Refused refused = thrown_by<Refused>([&] { apply_phase(1); });
  EXPECT_EQ(refused.objections()[0].code, "second-runner");
  EXPECT_THAT(refused.what(),
              HasSubstr(fmt::format("process {} (segue of alice, user postgres, from this machine",
                                    first.session().backend_pid())));
}

TEST_F(ApplyTest, ARunnerThatLeavesInTimeIsWaitedFor) {
  make_users(10);
  auto first = std::make_unique<RunnerConnection>(connector(), real_clock());
  std::jthread leaves([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    first.reset();
  });
  EXPECT_EQ(apply_phase(1).steps, 1U);
}

TEST_F(ApplyTest, DryRunChangesNothing) {
  make_users(10);
  ApplyOptions options;
  options.dry_run = true;
  const ApplyReport report = apply_with(1, options);
  EXPECT_EQ(report.steps, 1U);
  EXPECT_THAT(recorder_.said, ElementsAre("  1.1 Step 1.1: would be run"));
  EXPECT_EQ(ask("SELECT count(*) FROM pg_namespace WHERE nspname = 'segue'"), "0");
}

TEST_F(ApplyTest, ARoleWithoutTheRightToMakeTheLedgerIsTold) {
  make_users(10);
  open()->exec("CREATE ROLE lowly LOGIN");
  const Failed failed = thrown_by<Failed>([&] {
    apply(
        plan_, {}, [&] { return connect(conninfo_ + " user=lowly"); }, real_clock(), recorder_);
  });
  EXPECT_EQ(failed.sqlstate(), "42501");
  EXPECT_THAT(failed.advice(), HasSubstr("GRANT CREATE ON DATABASE"));
  EXPECT_THAT(failed.advice(), HasSubstr("TO lowly"));
}

TEST_F(ApplyTest, AStepThatFailsIsRolledBackAndGoneOnFrom) {
  make_users(10);
  plan_.plan.steps[0] = transaction_step(
      "1.1", planner::Phase::expand,
      "ALTER TABLE users ADD COLUMN display_name text; SELECT 1 / (SELECT count(*) "
      "FROM gate WHERE open);",
      "EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'users'::regclass AND "
      "attname = 'display_name')");
  open()->exec("CREATE TABLE gate (open boolean)");
  const Failed failed = thrown_by<Failed>([&] { apply_phase(1); });
  EXPECT_EQ(failed.sqlstate(), "22012");
  EXPECT_EQ(failed.step(), "1.1");
  EXPECT_EQ(ask("SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname "
                "= 'display_name'"),
            "0");
  EXPECT_EQ(ask("SELECT count(*) FROM segue.step"), "0");
  EXPECT_EQ(ask("SELECT running FROM segue.status"), "1");
  open()->exec("INSERT INTO gate VALUES (true)");
  EXPECT_EQ(apply_phase(1).steps, 1U);
}

TEST_F(ApplyTest, AListOfViolatorsStopsThePhase) {
  make_users(30);
  planner::Step check;
  check.id = "1.0";
  check.phase = planner::Phase::expand;
  check.title = "No row without a name";
  check.action = planner::NoRows{
      {"public", "users"},
      "SELECT id::text, note FROM public.users WHERE full_name IS NULL ORDER BY users.id",
      {"id", "note"},
      "rows of public.users have no full_name",
      "Give them one.",
      "full_name IS NULL",
      false};
  plan_.plan.steps.insert(plan_.plan.steps.begin(), check);
  open()->exec("UPDATE users SET full_name = NULL, note = 'n' WHERE id <= 12");
  const Failed failed = thrown_by<Failed>([&] { apply_phase(1); });
  EXPECT_STREQ(failed.what(),
               "step 1.0: rows of public.users have no full_name (12 of them):\n  id = 1, note = "
               "n\n  id = 2, note = n\n"
               "  id = 3, note = n\n  id = 4, note = n\n  id = 5, note = n\n  id = 6, note = n\n  "
               "id = 7, note = n\n"
               "  id = 8, note = n\n  id = 9, note = n\n  id = 10, note = n\n  …");
  EXPECT_EQ(failed.advice(), "Give them one.");
  std::get<planner::NoRows>(plan_.plan.steps.front().action).gate = true;
  EXPECT_EQ(thrown_by<Refused>([&] { apply_phase(1); }).objections()[0].advice, "Give them one.");
  open()->exec("UPDATE users SET full_name = 'x' WHERE full_name IS NULL");
  apply_phase(1);
}

TEST_F(ApplyTest, PhasesOfPsqlCountToo) {
  make_users(10);
  Ledger(*open()).ensure();
  const auto session = open();
  session->exec("SELECT segue.enter('display_name', '', 1, '" + plan_.fingerprint + "')");
  session->exec(std::get<planner::Transaction>(plan_.plan.steps[0].action).sql);
  session->exec("SELECT segue.leave('display_name', 1)");
  apply_phase(2);
  const UndoReport report = undo(plan_, {}, connector(), real_clock(), recorder_);
  EXPECT_THAT(report.undone, ElementsAre(planner::Phase::dual_write, planner::Phase::expand));
  EXPECT_EQ(ask("SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname "
                "= 'display_name'"),
            "0");
}

}  // namespace
}  // namespace segue::runtime::test
