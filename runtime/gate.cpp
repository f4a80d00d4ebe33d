#include "runtime/gate.hpp"

#include <fmt/format.h>

#include <array>

#include "planner/in_flight.hpp"

namespace segue::runtime {

namespace {

using planner::name_of;
using planner::number_of;
using planner::Phase;
using planner::Plan;

std::string apply_command(Phase phase) {
  return fmt::format("segue apply DIR --phase {}", number_of(phase));
}

void check_plan(const Plan& plan, const GateFacts& facts, std::vector<Objection>& objections) {
  if (!facts.change || !facts.change->in_progress()) return;
  const bool same = facts.change->digest.empty() ? facts.change->fingerprint == facts.fingerprint
                                                 : facts.change->digest == facts.digest;
  if (same) return;
  objections.push_back(
      {"other-plan", fmt::format("another plan of {} is in progress in this database", plan.name),
       "Apply that plan's own files, or undo it first with them."});
}

void check_order(const Plan& plan, const GateFacts& facts, const GateOptions& options,
                 std::vector<Objection>& objections) {
  for (const std::string& other : facts.not_contracted) {
    objections.push_back(
        {"after", fmt::format("{} comes after {}, which is not contracted here", plan.name, other),
         fmt::format("Take {} through its phase 4 first.", other)});
  }
  for (const planner::Collision& collision : planner::collisions(plan, facts.in_flight)) {
    if (options.allowed.contains("in-flight")) break;
    objections.push_back({"in-flight", fmt::format("{}: {}", collision.object, collision.message),
                          collision.advice});
  }
  if (facts.phase == Phase::expand) return;
  const auto before = static_cast<Phase>(number_of(facts.phase) - 1);
  if (!facts.change || !facts.change->complete(before)) {
    objections.push_back({"phase-order",
                          fmt::format("phase {} ({}) of {} is not complete in this database",
                                      number_of(before), name_of(before), plan.name),
                          fmt::format("Apply it first: {}", apply_command(before))});
  }
  for (const std::string& step : facts.undone_steps) {
    objections.push_back({"undone-step",
                          fmt::format("step {} was done once and is not any more", step),
                          "Somebody changed the database by hand. Apply the step's phase again: "
                          "what is missing is repaired."});
  }
}

void check_drift(const Plan& plan, const GateFacts& facts, const GateOptions& options,
                 std::vector<Objection>& objections) {
  if (facts.drift.empty() || options.allowed.contains("drift")) return;
  std::string list;
  for (const std::string& difference : facts.drift) list += "\n  - " + difference;
  objections.push_back(
      {"drift",
       fmt::format("the schema is not the one that {} was planned for:{}", plan.name, list),
       "Plan the change again for the schema as it is, or put the schema right. --allow "
       "drift goes on in spite of it."});
}

std::string advice_for(const std::string& code) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> advice{{
      {"view", "Replace the view so that it reads the new column."},
      {"materialized-view", "Make a materialized view over the new column and drop the old one."},
      {"function-body", "Replace the function so that it names the new column."},
      {"rule", "Replace the rule so that it names the new column."},
      {"generated-column", "Drop the generated column, or make it from the new column."},
      {"policy", "Alter the policy so that it reads the new column."},
      {"publication", "Alter the publication's column list or filter."},
      {"own-trigger", "Recreate the trigger so that it names the new column."},
  }};
  for (const auto& [known, text] : advice) {
    if (known == code) return std::string(text);
  }
  return "Mend it.";
}

void check_hazards(const Plan& plan, const GateFacts& facts, const GateOptions& options,
                   std::vector<Objection>& objections) {
  std::set<std::string> allowed = options.allowed;
  for (const planner::Hazard& hazard : plan.hazards) {
    if (hazard.allowed) allowed.insert(hazard.code);
  }
  for (const Dependent& dependent : facts.dependents) {
    if (allowed.contains(dependent.code)) continue;
    objections.push_back(
        {dependent.code, fmt::format("{} still needs {}", dependent.object, dependent.needs),
         fmt::format("{} Or go on with --allow {}.", advice_for(dependent.code), dependent.code)});
  }
  for (const planner::Hazard& hazard : plan.hazards) {
    if (hazard.level != planner::HazardLevel::stops_contract || allowed.contains(hazard.code) ||
        dependent_codes().contains(hazard.code)) {
      continue;
    }
    objections.push_back({hazard.code, fmt::format("{}: {}", hazard.object, hazard.message),
                          fmt::format("{}{}When that is done: --allow {}.", hazard.advice,
                                      hazard.advice.empty() ? "" : " ", hazard.code)});
  }
}

void check_release(const Plan& plan, const GateFacts& facts, const GateOptions& options,
                   GateDecision& decision) {
  if (!facts.change || !facts.change->complete(Phase::backfill)) return;  // said already
  const ReleaseRecord* release = release_that_counts(*facts.change);
  if (release == nullptr) {
    decision.objections.push_back(
        {"release",
         facts.change->releases.empty()
             ? "nobody has said which app release, fully out, no longer needs what this phase "
               "removes"
             : "no release was acknowledged as fully out since phase 3 was complete",
         "When it is out everywhere: segue ack DIR --release NAME (or --release NAME with this "
         "command)."});
    return;
  }
  const auto soak = static_cast<double>(plan.soak.count());
  if (release->age >= soak) return;
  if (!options.skip_soak.empty()) {
    decision.soak_skipped = true;
    return;
  }
  decision.objections.push_back(
      {"soak",
       fmt::format("release {} has been out for {}; {} asks for a soak of {}, which is over in {}",
                   release->name, duration_text(release->age), plan.name, duration_text(soak),
                   duration_text(soak - release->age)),
       "Wait, or say why not: --skip-soak REASON (the ledger keeps it)."});
}

bool has_steps(const Plan& plan, Phase phase) {
  for (const planner::Step& step : plan.steps) {
    if (step.phase == phase) return true;
  }
  return false;
}

}  // namespace

const std::set<std::string>& dependent_codes() {
  static const std::set<std::string> codes{"view",        "materialized-view", "function-body",
                                           "rule",        "generated-column",  "policy",
                                           "publication", "own-trigger"};
  return codes;
}

const ReleaseRecord* release_that_counts(const ChangeRecord& change) {
  const PhaseRecord* backfill = change.phase(Phase::backfill);
  if (backfill == nullptr || !backfill->complete()) return nullptr;
  for (const ReleaseRecord& release : change.releases) {
    // Both times are of one form, in UTC.
    if (release.acknowledged_at >= backfill->finished_at) return &release;
  }
  return nullptr;
}

GateDecision decide(const Plan& plan, const GateFacts& facts, const GateOptions& options) {
  GateDecision decision;
  if (facts.in_recovery) {
    decision.objections.push_back(
        {"recovery", "this server is a standby and takes no changes", "Connect to the primary."});
    decision.verdict = Verdict::refuse;
    return decision;
  }
  if (facts.change && facts.change->contracted()) {
    decision.verdict = Verdict::nothing_to_do;
    return decision;
  }
  check_plan(plan, facts, decision.objections);
  check_order(plan, facts, options, decision.objections);
  check_drift(plan, facts, options, decision.objections);
  // A contract that removes nothing needs nobody's word.
  if (facts.phase == Phase::contract && has_steps(plan, Phase::contract)) {
    check_release(plan, facts, options, decision);
    check_hazards(plan, facts, options, decision.objections);
    for (const VerificationResult& result : facts.verified) {
      if (result.holds()) continue;
      decision.objections.push_back({"differs", describe(result),
                                     "Find out who writes past the dual-write triggers; apply "
                                     "--phase 3 again when it is mended."});
    }
  }
  if (!decision.objections.empty()) decision.verdict = Verdict::refuse;
  return decision;
}

}  // namespace segue::runtime
