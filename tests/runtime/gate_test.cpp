#include "runtime/gate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace segue::runtime {
namespace {

using planner::Phase;
using testing::ElementsAre;
using testing::IsEmpty;

class GateTest : public testing::Test {
 protected:
  GateTest() {
    plan_.name = "display_name";
    planner::Step step;
    step.phase = Phase::contract;
    plan_.steps = {step};
    facts_.digest = "d";
    facts_.fingerprint = "f";
  }

  // Phases 1 to `last` are complete, each a minute after the other.
  void complete_until(int last) {
    ChangeRecord change;
    change.name = plan_.name;
    change.digest = "d";
    change.fingerprint = "f";
    for (int phase = 1; phase <= last; ++phase) {
      PhaseRecord record;
      record.phase = static_cast<Phase>(phase);
      record.state = "complete";
      record.finished_at = "2030-01-01T10:0" + std::to_string(phase) + ":00.000000Z";
      change.phases.push_back(record);
    }
    facts_.change = change;
  }
  void acknowledge(const std::string& minute, double age) {
    facts_.change->releases.push_back(
        {"v43", "2030-01-01T10:" + minute + ":00.000000Z", "alice", age});
  }
  std::vector<std::string> codes(Phase phase) {
    facts_.phase = phase;
    const GateDecision decision = decide(plan_, facts_, options_);
    std::vector<std::string> found;
    for (const Objection& objection : decision.objections) found.push_back(objection.code);
    EXPECT_EQ(decision.verdict == Verdict::refuse, !found.empty());
    return found;
  }

  planner::Plan plan_;
  GateFacts facts_;
  GateOptions options_;
};

TEST_F(GateTest, EachPhaseAfterTheOneBefore) {
  EXPECT_THAT(codes(Phase::expand), IsEmpty());
  EXPECT_THAT(codes(Phase::dual_write), ElementsAre("phase-order"));
  complete_until(1);
  EXPECT_THAT(codes(Phase::dual_write), IsEmpty());
  EXPECT_THAT(codes(Phase::backfill), ElementsAre("phase-order"));
  complete_until(2);
  EXPECT_THAT(codes(Phase::backfill), IsEmpty());
  EXPECT_THAT(codes(Phase::contract), ElementsAre("phase-order"));
}

TEST_F(GateTest, APhaseThatIsRunningOrBeingUndoneIsNotComplete) {
  for (const char* state : {"running", "undoing", "undone"}) {
    complete_until(2);
    facts_.change->phases[1].state = state;
    EXPECT_THAT(codes(Phase::backfill), ElementsAre("phase-order")) << state;
  }
}

TEST_F(GateTest, ContractedMeansNothingToDo) {
  complete_until(4);
  facts_.drift = {"everything is different"};
  for (const Phase phase : planner::all_phases) {
    facts_.phase = phase;
    EXPECT_EQ(decide(plan_, facts_, options_).verdict, Verdict::nothing_to_do);
  }
}

TEST_F(GateTest, AStandbyTakesNothing) {
  facts_.in_recovery = true;
  EXPECT_THAT(codes(Phase::expand), ElementsAre("recovery"));
}

TEST_F(GateTest, ContractNeedsAReleaseFromAfterPhase3) {
  complete_until(3);
  EXPECT_THAT(codes(Phase::contract), ElementsAre("release"));
  acknowledge("02", 1e9);
  EXPECT_THAT(codes(Phase::contract), ElementsAre("release"));
  acknowledge("04", 0);
  EXPECT_THAT(codes(Phase::contract), IsEmpty());
}

TEST_F(GateTest, TheSoakCountsFromTheFirstAcknowledgementThatCounts) {
  plan_.soak = std::chrono::hours(24);
  complete_until(3);
  acknowledge("02", 200000);
  acknowledge("04", 86399);
  acknowledge("05", 10);
  EXPECT_THAT(codes(Phase::contract), ElementsAre("soak"));
  facts_.phase = Phase::contract;
  EXPECT_EQ(decide(plan_, facts_, options_).objections[0].what,
            "release v43 has been out for 23 h 59 min; display_name asks for a soak of 1 d 0 h, "
            "which is over in 1.0 s");
  facts_.change->releases[1].age = 86400;
  EXPECT_THAT(codes(Phase::contract), IsEmpty());
}

TEST_F(GateTest, ASkippedSoakIsToldOnlyWhereItWouldHaveRefused) {
  plan_.soak = std::chrono::hours(1);
  complete_until(3);
  acknowledge("04", 10);
  options_.skip_soak = "because";
  facts_.phase = Phase::contract;
  EXPECT_TRUE(decide(plan_, facts_, options_).soak_skipped);
  facts_.change->releases[0].age = 4000;
  EXPECT_FALSE(decide(plan_, facts_, options_).soak_skipped);
}

TEST_F(GateTest, AContractThatRemovesNothingNeedsNobodysWord) {
  plan_.steps.clear();
  complete_until(3);
  EXPECT_THAT(codes(Phase::contract), IsEmpty());
}

TEST_F(GateTest, DriftStopsAnyPhaseUnlessAllowed) {
  facts_.drift = {"column note is gone", "index i is new"};
  EXPECT_THAT(codes(Phase::expand), ElementsAre("drift"));
  facts_.phase = Phase::expand;
  EXPECT_EQ(decide(plan_, facts_, options_).objections[0].what,
            "the schema is not the one that display_name was planned for:\n  - column note is "
            "gone\n  - index i is new");
  options_.allowed = {"drift"};
  EXPECT_THAT(codes(Phase::expand), IsEmpty());
}

TEST_F(GateTest, OnlyWhatPostgresKeepsNoAccountOfIsAllowedByItsCode) {
  plan_.old_columns = {{{"public", "users"}, "full_name", "display_name"}};
  complete_until(3);
  acknowledge("04", 0);
  const std::string column = "public.users.full_name";
  facts_.dependents = {{"view", "view public.v", column},
                       {"function-body", "function public.f()", column, false},
                       {"rule", "rule r on public.users", column, true, true}};
  EXPECT_THAT(codes(Phase::contract), ElementsAre("view", "rule", "function-body"));
  EXPECT_THAT(codes(Phase::backfill), IsEmpty());
  facts_.phase = Phase::contract;
  std::vector<std::string> hints;
  for (const Objection& one : decide(plan_, facts_, options_).objections)
    hints.push_back(one.advice);
  EXPECT_THAT(hints,
              ElementsAre("Replace the view so that it reads the new column.",
                          "Drop the rule, and create it again after this phase.",
                          "Replace the function so that it names the new column. Or go on with "
                          "--allow function-body."));
  options_.allowed = {"view", "function-body"};
  EXPECT_THAT(codes(Phase::contract), ElementsAre("view", "rule"));
}

TEST_F(GateTest, AHazardThatIsLookedForLiveIsSettledByWhatIsThere) {
  complete_until(3);
  acknowledge("04", 0);
  planner::Hazard hazard;
  hazard.code = "function-body";
  hazard.level = planner::HazardLevel::stops_contract;
  plan_.hazards = {hazard};
  EXPECT_THAT(codes(Phase::contract), IsEmpty());
  plan_.hazards[0].code = "logical-subscriber";
  EXPECT_THAT(codes(Phase::contract), ElementsAre("logical-subscriber"));
  plan_.hazards[0].allowed = true;
  EXPECT_THAT(codes(Phase::contract), IsEmpty());
}

TEST_F(GateTest, AnotherPlanInProgress) {
  complete_until(1);
  facts_.digest = "other";
  EXPECT_THAT(codes(Phase::dual_write), ElementsAre("other-plan"));
  // Under psql only the catalogue's fingerprint is known.
  facts_.change->digest.clear();
  EXPECT_THAT(codes(Phase::dual_write), IsEmpty());
  facts_.fingerprint = "other";
  EXPECT_THAT(codes(Phase::dual_write), ElementsAre("other-plan"));
  facts_.change->phases[0].state = "undone";
  EXPECT_THAT(codes(Phase::expand), IsEmpty());
}

TEST_F(GateTest, ChangesThatComeFirst) {
  facts_.not_contracted = {"widen_ids"};
  EXPECT_THAT(codes(Phase::expand), ElementsAre("after"));
}

TEST_F(GateTest, AllObjectionsAtOnce) {
  complete_until(1);
  facts_.drift = {"x"};
  facts_.not_contracted = {"y"};
  EXPECT_THAT(codes(Phase::backfill), ElementsAre("after", "phase-order", "drift"));
}

// What is told of one question: "yes proof", "unknown evidence".
std::string told(const GateDecision& decision, const std::string& code) {
  for (const Question& question : decision.questions) {
    if (question.code == code)
      return std::string(name_of(question.answer)) + " " + std::string(name_of(question.basis));
  }
  return "not asked";
}

TEST_F(GateTest, APromiseIsProofWherePostgresqlKeepsIt) {
  complete_until(3);
  acknowledge("04", 0);
  facts_.phase = Phase::contract;
  facts_.promises = {{{"public", "users"}, "b is a", "b_is_a"}};
  EXPECT_EQ(told(decide(plan_, facts_, options_), "differs"), "yes proof");
  facts_.promises[0].proof = "";
  EXPECT_EQ(told(decide(plan_, facts_, options_), "differs"), "unknown evidence");
  VerificationResult result;
  result.table = {"public", "users"};
  result.promise = "b is a";
  facts_.verified = {result};
  EXPECT_EQ(told(decide(plan_, facts_, options_), "differs"), "yes evidence");
  facts_.verified[0].findings.found = 1;
  EXPECT_THAT(codes(Phase::contract), ElementsAre("differs"));
  facts_.verified[0].refusal = "permission denied for table users";
  EXPECT_THAT(codes(Phase::contract), ElementsAre("unreadable"));
}

TEST_F(GateTest, WhoStillUsesWhatIsOldIsEvidenceAndAllowedByItsCode) {
  plan_.tripwire = true;
  plan_.old_columns = {{{"public", "users"}, "a", "b"}};
  complete_until(3);
  acknowledge("04", 0);
  facts_.phase = Phase::contract;
  facts_.old_release = OldReleaseFacts{};
  facts_.old_release->since = "v43";
  GateDecision decision = decide(plan_, facts_, options_);
  EXPECT_EQ(told(decision, "old-sessions"), "unknown evidence");
  EXPECT_EQ(told(decision, "old-statements"), "yes evidence");
  EXPECT_EQ(told(decision, "tripwire"), "yes evidence");
  facts_.old_release->patterns = {"v42%"};
  facts_.old_release->sessions = {{"v42", "shop", 2, true}, {"v43", "shop", 9, false}};
  facts_.old_release->statements = {{"shop", "SELECT * FROM users", 7, "public.users.a", false}};
  facts_.old_release->sightings = {{"v42", "shop", "public.users", "a", "now"}};
  EXPECT_THAT(codes(Phase::contract), ElementsAre("old-sessions", "tripwire"));
  facts_.old_release->statements[0].named = true;
  EXPECT_THAT(codes(Phase::contract), ElementsAre("old-sessions", "old-statements", "tripwire"));
  options_.allowed = {"old-sessions", "old-statements", "tripwire"};
  decision = decide(plan_, facts_, options_);
  EXPECT_EQ(decision.verdict, Verdict::allow);
  for (const char* code : {"old-sessions", "old-statements", "tripwire"})
    EXPECT_EQ(told(decision, code), "allowed evidence");
  facts_.old_release->since.clear();
  EXPECT_EQ(told(decide(plan_, facts_, options_), "tripwire"), "unknown evidence");
}

}  // namespace
}  // namespace segue::runtime
