// What contract asks above all: it removes what nothing can bring back.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runtime/gate_questions.hpp"

namespace segue::runtime {

namespace {

using planner::Phase;
using planner::Plan;
using planner::quoted;

std::string advice_for(const Dependent& dependent) {
  struct Advice {
    std::string_view code;
    std::string_view text;
    std::string_view same_name;
  };
  static constexpr std::array<Advice, 8> advice{{
      {"view", "Replace the view so that it reads the new column.",
       "Drop the view, and create it again after this phase."},
      {"materialized-view", "Make a materialized view over the new column and drop the old one.",
       "Drop the materialized view, and create it again after this phase."},
      {"function-body", "Replace the function so that it names the new column.",
       "Drop the function, and create it again after this phase."},
      {"rule", "Replace the rule so that it names the new column.",
       "Drop the rule, and create it again after this phase."},
      {"generated-column", "Drop the generated column, or make it from the new column.",
       "Drop the generated column, or make it a plain one that a trigger fills."},
      {"policy", "Alter the policy so that it reads the new column.",
       "Alter the policy so that it does without the column until this phase is over."},
      {"publication", "Alter the publication's column list or filter.",
       "Take the column out of the publication's list or filter until this phase is over."},
      {"own-trigger", "Recreate the trigger so that it names the new column.",
       "Drop the trigger, and create it again after this phase."},
  }};
  std::string said = "Mend it.";
  for (const Advice& known : advice) {
    if (known.code == dependent.code) said = dependent.same_name ? known.same_name : known.text;
  }
  // DROP … RESTRICT would refuse what PostgreSQL itself keeps account of.
  if (!dependent.tracked) said += fmt::format(" Or go on with --allow {}.", dependent.code);
  return said;
}

Question ask_release(const GateFacts& facts) {
  Question question{"release",   "a release that needs nothing of what is old is out everywhere",
                    Answer::yes, Basis::evidence,
                    "",          {}};
  if (!facts.change || !facts.change->complete(Phase::backfill)) {
    question.answer = Answer::unknown;  // the phase before is objected to already
    return question;
  }
  if (const ReleaseRecord* release = release_that_counts(*facts.change)) {
    question.found = fmt::format("{} said so of {} at {}", release->acknowledged_by, release->name,
                                 release->acknowledged_at);
    return question;
  }
  object(question,
         {"release",
          facts.change->releases.empty()
              ? "nobody has said which app release, fully out, no longer needs what this phase "
                "removes"
              : "no release was acknowledged as fully out since phase 3 was complete",
          "When it is out everywhere: segue ack DIR --release NAME (or --release NAME with this "
          "command)."});
  return question;
}

Question ask_soak(const Plan& plan, const GateFacts& facts, const GateOptions& options,
                  bool& skipped) {
  const auto soak = static_cast<double>(plan.soak.count());
  Question question{"soak",
                    plan.soak.count() == 0
                        ? "its soak is over (the change asks for none)"
                        : fmt::format("its soak of {} is over", duration_text(soak)),
                    Answer::yes,
                    Basis::evidence,
                    "",
                    {}};
  const ReleaseRecord* release = facts.change ? release_that_counts(*facts.change) : nullptr;
  if (release == nullptr) {
    if (plan.soak.count() > 0) question.answer = Answer::unknown;
    return question;
  }
  question.found = fmt::format("out for {}", duration_text(release->age));
  if (release->age >= soak) return question;
  skipped = !options.skip_soak.empty();
  object_unless(
      question, skipped,
      {"soak",
       fmt::format("release {} has been out for {}; {} asks for a soak of {}, which is over in {}",
                   release->name, duration_text(release->age), plan.name, duration_text(soak),
                   duration_text(soak - release->age)),
       "Wait, or say why not: --skip-soak REASON (the ledger keeps it)."});
  return question;
}

std::set<std::string> allowed_codes(const Plan& plan, const GateOptions& options) {
  std::set<std::string> allowed = options.allowed;
  for (const planner::Hazard& hazard : plan.hazards) {
    if (hazard.allowed) allowed.insert(hazard.code);
  }
  return allowed;
}

std::string old_columns(const Plan& plan) {
  std::string list;
  for (const planner::OldColumn& old : plan.old_columns)
    list += fmt::format("{}{}.{}", list.empty() ? "" : ", ", quoted(old.table), old.column);
  return list;
}

// PostgreSQL knows of each view, policy or rule what it reads, and DROP … RESTRICT asks it again;
// a function's body is text to it.
void ask_dependents(const Plan& plan, const GateFacts& facts, const std::set<std::string>& allowed,
                    std::vector<Question>& questions) {
  if (plan.old_columns.empty() || facts.begun) return;
  const std::string old = old_columns(plan);
  Question tracked{
      "dependents", fmt::format("no view, rule, policy or the like needs {}", old), {}, {}, "", {}};
  Question functions{"function-body",
                     fmt::format("no function names {}", old),
                     Answer::yes,
                     Basis::evidence,
                     "bodies were parsed; SQL that one builds at run time is not seen",
                     {}};
  for (const Dependent& dependent : facts.dependents) {
    object_unless(
        dependent.code == "function-body" ? functions : tracked,
        !dependent.tracked && allowed.contains(dependent.code),
        {dependent.code, fmt::format("{} still needs {}", dependent.object, dependent.needs),
         advice_for(dependent)});
  }
  questions.push_back(std::move(tracked));
  questions.push_back(std::move(functions));
}

void ask_hazards(const Plan& plan, const std::set<std::string>& allowed,
                 std::vector<Question>& questions) {
  for (const planner::Hazard& hazard : plan.hazards) {
    if (hazard.level != planner::HazardLevel::stops_contract ||
        dependent_codes().contains(hazard.code)) {
      continue;
    }
    Question question{hazard.code, fmt::format("what {} needs is mended", hazard.object),
                      Answer::yes, Basis::evidence,
                      "",          {}};
    object_unless(question, allowed.contains(hazard.code),
                  {hazard.code, fmt::format("{}: {}", hazard.object, hazard.message),
                   fmt::format("{}{}When that is done: --allow {}.", hazard.advice,
                               hazard.advice.empty() ? "" : " ", hazard.code)});
    questions.push_back(std::move(question));
  }
}

Question ask_promise(const GateFacts& facts, const Promise& promise) {
  Question question{"differs",   fmt::format("{}: {}", quoted(promise.table), promise.promise),
                    Answer::yes, Basis::proof,
                    "",          {}};
  if (!promise.proof.empty()) {
    question.found = fmt::format(
        "PostgreSQL keeps it: {} is validated, so no row breaks it now or later", promise.proof);
    return question;
  }
  question.basis = Basis::evidence;
  question.answer = Answer::unknown;
  question.found = "not looked at yet";
  for (const VerificationResult& result : facts.verified) {
    if (result.table != promise.table || result.promise != promise.promise) continue;
    question.answer = Answer::yes;
    question.found = result.refusal.empty()
                         ? fmt::format(
                               "{} rows were read in short pieces; the triggers keep what "
                               "was found",
                               count_text(result.findings.checked))
                         : result.refusal;
    if (!result.refusal.empty()) {
      object(question,
             {"unreadable",
              fmt::format("whether {} could not be looked at: {}", question.asks, result.refusal),
              fmt::format("GRANT SELECT ON {} TO the role that asks.", quoted(promise.table))});
    } else if (!result.holds()) {
      object(question, {"differs", describe(result),
                        "Find out who writes past the dual-write triggers; apply "
                        "--phase 3 again when it is mended."});
    }
  }
  return question;
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

void ask_contract(const Plan& plan, const GateFacts& facts, const GateOptions& options,
                  GateDecision& decision) {
  std::vector<Question>& questions = decision.questions;
  questions.push_back(ask_release(facts));
  questions.push_back(ask_soak(plan, facts, options, decision.soak_skipped));
  const std::set<std::string> allowed = allowed_codes(plan, options);
  if (facts.old_release) ask_old_release(plan, *facts.old_release, allowed, questions);
  ask_dependents(plan, facts, allowed, questions);
  ask_hazards(plan, allowed, questions);
  for (const Promise& promise : facts.promises) questions.push_back(ask_promise(facts, promise));
}

}  // namespace segue::runtime
